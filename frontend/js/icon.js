const SVG = "http://www.w3.org/2000/svg";

/** The same drawing as the icon macro makes; the sprite's address is read from one that the server drew. */
export function icon(name, size = "") {
  const sprite = document.querySelector(".icon use").getAttribute("href").split("#")[0];
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("class", size ? `icon icon--${size}` : "icon");
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  drawing.append(use);
  return drawing;
}
