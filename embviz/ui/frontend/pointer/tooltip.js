/** The tooltip, a card beside the pointer with an item's image, label and name. */

/**
 * The place of the card: right of and below the pointer, or on the other side if it would leave the room there. Pure.
 * @param {{x: number, y: number}} pointer
 * @param {{width: number, height: number}} card
 * @param {{width: number, height: number}} room part of the window, from its top left, that the card may cover
 * @param {number} [gap] pixels between pointer and card
 */
export function cardPlace(pointer, card, room, gap = 16) {
  const flipX = pointer.x + gap + card.width > room.width;
  const flipY = pointer.y + gap + card.height > room.height;
  return {
    left: Math.max(0, flipX ? pointer.x - gap - card.width : pointer.x + gap),
    top: Math.max(0, flipY ? pointer.y - gap - card.height : pointer.y + gap),
  };
}

/**
 * @typedef {object} Card content of the tooltip
 * @property {number} id
 * @property {string} label empty if the item has none
 * @property {string} color of the item's class
 * @property {string} fact name of the item and, if known, its predicted class
 */

export class Tooltip {
  constructor() {
    this.root = document.createElement("div");
    this.root.className = "embviz-tooltip";
    this.root.hidden = true;
    this.canvas = document.createElement("canvas");
    const line = document.createElement("div");
    line.className = "embviz-tooltip-line";
    this.swatch = document.createElement("i");
    const [label, fact] = [document.createElement("strong"), document.createElement("span")];
    this.label = label.appendChild(new Text()); // a text that is replaced would cost a search of the page's rules
    this.fact = fact.appendChild(new Text());
    line.append(this.swatch, label, fact);
    this.root.append(this.canvas, line);
    document.body.append(this.root);
  }

  /**
   * Show an item's card beside the pointer.
   * @param {Card} card
   * @param {{x: number, y: number}} pointer in the window
   * @param {import("../state/images.js").Images | null} images
   * @param {import("../state/theme.js").Theme} theme
   * @param {{width: number, height: number}} room part of the window, from its top left, that the card may cover
   */
  show(card, pointer, images, theme, room) {
    this.swatch.style.background = card.color;
    this.label.data = card.label;
    this.fact.data = card.fact;
    Object.assign(this.root.style, { background: theme.background, color: theme.text, borderColor: theme.border, fontFamily: theme.font });
    const drawn = images?.draw(this.canvas, card.id, theme.ink) ?? false;
    if (!drawn) this.canvas.getContext("2d")?.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.canvas.hidden = images === null;
    this.canvas.classList.toggle("embviz-waiting", !drawn);
    this.root.dataset.id = String(card.id);
    this.root.dataset.drawn = String(drawn);
    this.root.hidden = false;
    const size = { width: this.root.offsetWidth, height: this.root.offsetHeight };
    const place = cardPlace(pointer, size, room);
    this.root.style.transform = `translate(${place.left}px, ${place.top}px)`;
  }

  hide() {
    this.root.hidden = true;
  }

  destroy() {
    this.root.remove();
  }
}
