/** Messages of programs, for people who have no command line. */

/**
 * A message without advice about options: what an option does on the command line, the page has a check mark for.
 *
 * @param {string} text
 * @returns {string}
 */
export function plain(text) {
  return text.replace(/[;:] [^;:]*--[a-z][^;]*/g, "").replace(/, which --[a-z-]+ names/g, "");
}
