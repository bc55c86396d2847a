/** A gallery of items as a Streamlit component. A card has one image or two; a click on it sends its ids to Python, and
 * the projector shows the item under the pointer. */

import { replaceKeepingFocus } from "./chrome/kept_focus.js";
import { newTurn } from "./chrome/turns.js";
import { Images } from "./state/images.js";
import { pointAt } from "./pointer/pointing.js";
import { readTheme } from "./state/theme.js";

/**
 * Draw the gallery; Streamlit calls it on mount and after every change of data or theme.
 * @param {object} component
 * @param {import("./state/messages.js").GalleryRequest} component.data
 * @param {HTMLElement} component.parentElement
 * @param {import("./state/messages.js").Tell<import("./state/messages.js").GalleryAnswers>} component.setTriggerValue
 * @param {string} base address that all others are relative to
 */
export default function ({ data, parentElement, setTriggerValue }, base) {
  const host = /** @type {HTMLElement} */ (parentElement.querySelector(".embviz-gallery"));
  const isLatest = newTurn(host);
  const theme = readTheme(host);
  const images = data.images ? Images.at(data.images, base) : null;
  host.style.setProperty("--embviz-image", `${data.imageSize}px`);
  host.style.gridTemplateColumns = `repeat(${data.columns}, minmax(0, 1fr))`;
  host.style.gridAutoRows = `${data.cardHeight}px`;
  /** @type {[HTMLCanvasElement, number[]][]} ids of the item that is drawn, or of two whose difference is */
  const canvases = [];
  replaceKeepingFocus(
    host,
    data.cards.map((card, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "embviz-card";
      button.dataset.ids = card.ids.join(" ");
      button.dataset.differs = String(card.differs);
      button.setAttribute("aria-label", [card.name, card.title, card.caption].filter(Boolean).join(", "));
      const [first, second] = card.ids;
      for (const ids of images ? (data.isDifference ? [[first, second]] : card.ids.map((id) => [id])) : []) {
        const canvas = document.createElement("canvas");
        canvas.dataset.item = String(ids.at(-1));
        canvases.push([canvas, ids]);
        button.append(canvas);
      }
      if (data.bars) {
        const bar = document.createElement("meter");
        [bar.value, bar.ariaHidden] = [data.bars[at], "true"];
        button.append(bar);
      }
      const [title, caption] = [document.createElement("b"), document.createElement("span")];
      [title.textContent, caption.textContent] = [card.title, card.caption];
      button.append(...[title, caption].filter((line) => line.textContent));
      button.addEventListener("click", () => setTriggerValue("picked", card.ids));
      button.addEventListener("pointermove", ({ target, pointerType }) => pointerType !== "touch" && pointAtCard(data.pane, button, target));
      button.addEventListener("focus", () => button.matches(":focus-visible") && pointAtCard(data.pane, button, null));
      for (const end of ["pointerleave", "blur"]) button.addEventListener(end, () => pointAt(data.pane, null));
      return button;
    }),
  );
  const draw = () => canvases.filter(([canvas, [id, other]]) => {
    return other === undefined ? images?.draw(canvas, id, theme.ink) : images?.drawDifference(canvas, id, other);
  }).length;
  if (draw() === canvases.length) return;
  images?.here(canvases.flatMap(([, ids]) => ids)).then(draw, (error) => {
    if (!isLatest()) return;
    console.error(error);
    host.textContent = `The images could not be loaded: ${error.message}`;
  });
}

/**
 * Have a pane show the item of the image under the pointer, or the card's first item if the pointer is on no image.
 * @param {string} pane key of it
 * @param {HTMLElement} card
 * @param {EventTarget | null} target
 */
function pointAtCard(pane, card, target) {
  const item = target instanceof HTMLElement ? target.dataset.item : undefined;
  const id = Number(item ?? card.dataset.ids?.split(" ")[0]);
  pointAt(pane, { id, box: card.getBoundingClientRect() });
}
