/** A gallery of items as a Streamlit component: cards with one image or two; a click tells Python which. */

import { Images } from "./images.js";
import { readTheme } from "./theme.js";

/**
 * @typedef {object} GalleryCard
 * @property {number[]} ids one image each, one above the other
 * @property {string} title
 * @property {string} caption
 * @property {boolean} differs drawn with a warning border
 */

/**
 * @param {object} component
 * @param {{images: import("./images.js").ImagesAddress | null, cards: GalleryCard[], imageSize: number}} component.data
 * @param {HTMLElement} component.parentElement
 * @param {(name: string, value: unknown) => void} component.setTriggerValue
 * @param {string} base where all addresses start
 */
export default function ({ data, parentElement, setTriggerValue }, base) {
  const host = /** @type {HTMLElement} */ (parentElement.querySelector(".embviz-gallery"));
  const theme = readTheme(host);
  const images = data.images ? Images.at(data.images, base) : null;
  host.style.setProperty("--embviz-image", `${data.imageSize}px`);
  host.style.setProperty("--embviz-card", `${data.imageSize + 10}px`);
  /** @type {[HTMLCanvasElement, number][]} */
  const canvases = [];
  host.replaceChildren(
    ...data.cards.map((card) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "embviz-card";
      button.dataset.ids = card.ids.join(" ");
      button.dataset.differs = String(card.differs);
      button.title = card.ids.map((id) => `#${id}`).join(" and ");
      for (const id of images ? card.ids : []) {
        const canvas = document.createElement("canvas");
        canvases.push([canvas, id]);
        button.append(canvas);
      }
      const [title, caption] = [document.createElement("b"), document.createElement("span")];
      [title.textContent, caption.textContent] = [card.title, card.caption];
      button.append(...[title, caption].filter((line) => line.textContent));
      button.addEventListener("click", () => setTriggerValue("picked", card.ids));
      return button;
    }),
  );
  const draw = () => canvases.filter(([canvas, id]) => images?.draw(canvas, id, theme.ink)).length;
  if (draw() === canvases.length) return;
  images?.all.then(draw, (error) => {
    console.error(error);
    host.textContent = `The images could not be loaded: ${error.message}`;
  });
}
