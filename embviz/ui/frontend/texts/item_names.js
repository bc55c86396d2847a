/** The name of an item on the page, the same as in `embviz/items/names.py`. Pure. */

/**
 * The name of an item: "test 717", its number within its split, or "#717" if there are no splits.
 * @param {number} id
 * @param {[string, number][]} splits name and first id of each, ascending
 * @returns {string}
 */
export function itemName(id, splits) {
  const split = splits.findLast(([, first]) => first <= id);
  return split ? `${split[0]} ${id - split[1]}` : `#${id}`;
}
