/** The rings around the hovered, the pinned and the held item. */

export class Ring {
  /**
   * @param {HTMLElement} host
   * @param {"hover" | "echo" | "pin" | "held"} kind
   */
  constructor(host, kind) {
    this.root = document.createElement("div");
    this.root.className = `embviz-ring embviz-ring-${kind}`;
    this.root.hidden = true;
    host.append(this.root);
  }

  /** @param {{x: number, y: number} | null} place on the stage; null hides it */
  show(place) {
    this.root.hidden = place === null;
    if (place) this.root.style.transform = `translate(${place.x}px, ${place.y}px)`;
  }
}
