/** What an item is called on the page. Pure; `embviz/item_names.py` says the same. */

/**
 * "test 717", or "#717" where there are no splits to count in.
 * @param {number} id
 * @param {[string, number][]} splits name and first id of each, ascending
 * @returns {string}
 */
export function itemName(id, splits) {
  const split = splits.findLast(([, first]) => first <= id);
  return split ? `${split[0]} ${id - split[1]}` : `#${id}`;
}
