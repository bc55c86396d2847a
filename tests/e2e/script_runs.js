/**
 * Adds `window.isAnswered()`: whether what the page asked of Streamlit's server last was answered by a whole script run.
 *
 * Streamlit's page says "not running" until the server has said that a run begins, so that alone does not tell a page
 * that is done from one that has just asked. Runs before any script of the page, and reads what goes over its websocket.
 */
(() => {
  const RERUN_SCRIPT = 0x5a; // first byte of a BackMsg: its field 11
  const NEW_SESSION = 4; // fields of a ForwardMsg
  const SCRIPT_FINISHED = 6;
  const EARLY_FOR_RERUN = 2; // a status of SCRIPT_FINISHED: another run follows
  const SHOWN_MS = 50; // for which the page may be drawing what it has heard

  let step = 0;
  let [asked, begun, finished] = [0, 0, 0];

  /** The numbers of the fields of a protobuf message, and the values of those that are whole numbers. */
  function* fields(/** @type {Uint8Array} */ bytes) {
    let at = 0;
    const varint = () => {
      let value = 0;
      for (let weight = 1; ; weight *= 128) {
        const byte = bytes[at++];
        value += (byte & 127) * weight;
        if (byte < 128) return value;
      }
    };
    while (at < bytes.length) {
      const tag = varint();
      const kind = tag & 7;
      const value = kind === 0 || kind === 2 ? varint() : 0; // of kind 2 it is the length of what follows
      at += kind === 2 ? value : kind === 1 ? 8 : kind === 5 ? 4 : 0;
      yield { field: tag >> 3, value };
    }
  }

  function hear(/** @type {ArrayBuffer} */ data) {
    for (const { field, value } of fields(new Uint8Array(data))) {
      if (field === NEW_SESSION) begun = ++step;
      else if (field === SCRIPT_FINISHED && value !== EARLY_FOR_RERUN) {
        const now = ++step;
        setTimeout(() => (finished = now), SHOWN_MS);
      }
    }
  }

  window.WebSocket = class extends WebSocket {
    /** @param {ConstructorParameters<typeof WebSocket>} given */
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => data instanceof ArrayBuffer && hear(data));
    }

    /** @param {any} data */
    send(data) {
      if (data[0] === RERUN_SCRIPT) asked = ++step;
      super.send(data);
    }
  };

  /** @type {any} */ (window).isAnswered = () => asked < begun && begun < finished;
})();
