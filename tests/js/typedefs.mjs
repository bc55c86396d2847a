/** Messages checked against the types that JSDoc says they have: nothing is missing, and nothing more is there. */

/** @typedef {Map<string, Map<string, string>>} Typedefs type of each field of each typedef, as it is written */

/**
 * @param {string} source of a script
 * @returns {Typedefs} of objects
 */
export function typedefsIn(source) {
  const found = new Map();
  for (const [comment] of source.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    const name = comment.match(/@typedef \{object\} (\w+)/)?.[1];
    const fields = Array.from(comment.matchAll(/@property \{(.*)\} (\w+)/g), ([, type, field]) => /** @type {const} */ ([field, type]));
    if (name) found.set(name, new Map(fields));
  }
  return found;
}

/**
 * What is wrong with a value of that type; nothing where it is as it should be.
 * @param {unknown} value
 * @param {string} type as it is written
 * @param {Typedefs} typedefs
 * @param {string} [where]
 * @returns {string[]}
 */
export function faultsOf(value, type, typedefs, where = type) {
  const options = split(type, " | ");
  if (options.length > 1) {
    const faults = options.map((option) => faultsOf(value, option, typedefs, where));
    return faults.some((none) => none.length === 0) ? [] : faults.flat();
  }
  if (type.endsWith("[]")) {
    const each = type.slice(0, -2).replace(/^\((.*)\)$/, "$1");
    if (!Array.isArray(value)) return [`${where} is no list`];
    return value.flatMap((part, at) => faultsOf(part, each, typedefs, `${where}[${at}]`));
  }
  if (type.startsWith("[")) {
    const types = split(type.slice(1, -1), ", ");
    if (!Array.isArray(value) || value.length !== types.length) return [`${where} is no list of ${types.length}`];
    return types.flatMap((each, at) => faultsOf(value[at], each, typedefs, `${where}[${at}]`));
  }
  const fields = typedefs.get(type);
  if (fields) return faultsOfFields(value, fields, typedefs, where);
  return typeof value === type || JSON.stringify(value) === type ? [] : [`${where} is no ${type}`];
}

/**
 * @param {unknown} value
 * @param {Map<string, string>} fields
 * @param {Typedefs} typedefs
 * @param {string} where
 */
function faultsOfFields(value, fields, typedefs, where) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${where} is no object`];
  const given = new Map(Object.entries(value));
  const extra = [...given.keys()].filter((name) => !fields.has(name));
  const missing = [...fields.keys()].filter((name) => !given.has(name));
  const known = [...fields].filter(([name]) => given.has(name));
  return [
    ...extra.map((name) => `${where}.${name} is nothing that is known`),
    ...missing.map((name) => `${where}.${name} is missing`),
    ...known.flatMap(([name, type]) => faultsOf(given.get(name), type, typedefs, `${where}.${name}`)),
  ];
}

/**
 * The parts of a type that a separator stands between, brackets aside.
 * @param {string} type
 * @param {string} separator
 */
function split(type, separator) {
  /** @type {string[]} */
  const parts = [];
  let [depth, start] = [0, 0];
  for (let at = 0; at < type.length; at++) {
    if ("([".includes(type[at])) depth++;
    if (")]".includes(type[at])) depth--;
    if (depth === 0 && type.startsWith(separator, at)) {
      parts.push(type.slice(start, at));
      start = at + separator.length;
    }
  }
  return [...parts, type.slice(start)];
}
