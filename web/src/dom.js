/** Makes elements of the page. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element.
 *
 * @param {string} tag its name
 * @param {Record<string, unknown>} [attributes] a function is a listener, `undefined` and `false` leave an attribute out
 * @param {...(Node | string | number | null | undefined)} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same in SVG. */
export function shape(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      node.addEventListener(name, value);
    } else if (value !== undefined && value !== false && value !== null) {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...children.filter((child) => child !== undefined && child !== null).map((child) => (child instanceof Node ? child : String(child))));
  return node;
}

/** A message about what went wrong, and how to go on. Screen readers read it at once. */
export function errorBox() {
  const box = element("div", { role: "alert" });
  let shown = "";
  return {
    box,
    /** @param {unknown} [error] an error or a text; nothing takes the message away */
    show(error) {
      const text = error === undefined ? "" : String(error?.message ?? error);
      if (text === shown) {
        return;
      }
      shown = text;
      box.replaceChildren(...(text ? [element("p", { class: "error" }, text)] : []));
    },
  };
}

/**
 * For answers that come later: a newer question makes an older answer worthless.
 *
 * @returns {() => () => boolean} call it for each question; what it returns tells whether that question is still the newest
 */
export function newest() {
  let newest = 0;
  return () => {
    const own = (newest += 1);
    return () => own === newest;
  };
}

/** `count` and a noun, in the singular or the plural. */
export function counted(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

let last = 0;

/** A name that no other element has. */
export function freshId(prefix) {
  last += 1;
  return `${prefix}-${last}`;
}
