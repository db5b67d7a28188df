// @ts-check
// The whiteboard's sheet: draws what is on it, follows pen, finger and mouse, saves a picture.

import { byId } from "./dom.js";
import { HEIGHT, WIDTH } from "./drawing.js";

const STROKE = 6;
const NEAR = 3;

/** What a pen does, in the sheet's own measure. @typedef {{down: (x: number, y: number) => void, move: (points: number[]) => void}} Pen */

export class Paper {
  /** @param {HTMLCanvasElement} canvas @param {import("./drawing.js").Drawing} drawing */
  constructor(canvas, drawing) {
    this.canvas = canvas;
    this.drawing = drawing;
    this.canvas.width = WIDTH;
    this.canvas.height = HEIGHT;
    this.isDue = false;
  }

  /** Draw everything, once per picture of the screen. */
  draw() {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => this.#draw());
  }

  /** @param {Pen} pen */
  listen(pen) {
    let active = -1;
    let last = [0, 0];
    const end = (/** @type {PointerEvent} */ event) => event.pointerId === active && (active = -1);
    this.canvas.addEventListener("pointerdown", (event) => {
      if (active !== -1 || event.button) return;
      active = event.pointerId;
      this.canvas.setPointerCapture(active);
      last = this.#place(event);
      pen.down(last[0], last[1]);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (event.pointerId !== active) return;
      const points = [];
      for (const each of event.getCoalescedEvents?.() ?? [event]) {
        const place = this.#place(each);
        if (Math.hypot(place[0] - last[0], place[1] - last[1]) > NEAR) points.push(...(last = place));
      }
      if (points.length) pen.move(points);
    });
    for (const name of ["pointerup", "pointercancel"]) this.canvas.addEventListener(name, /** @type {any} */ (end));
  }

  /** Hand the picture to this device. */
  save() {
    this.#draw();
    this.canvas.toBlob((blob) => {
      if (!blob) return;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = "whiteboard.png";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
  }

  /** @param {MouseEvent} event @returns {number[]} */
  #place(event) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const scale = Math.min(width / WIDTH, height / HEIGHT);
    const x = (event.clientX - left - (width - WIDTH * scale) / 2) / scale;
    const y = (event.clientY - top - (height - HEIGHT * scale) / 2) / scale;
    return [Math.round(Math.max(0, Math.min(WIDTH, x))), Math.round(Math.max(0, Math.min(HEIGHT, y)))];
  }

  #draw() {
    this.isDue = false;
    const context = this.canvas.getContext("2d");
    if (!context || byId("board").hidden) return;
    const style = getComputedStyle(this.canvas);
    context.fillStyle = style.getPropertyValue("--board");
    context.fillRect(0, 0, WIDTH, HEIGHT);
    Object.assign(context, { lineWidth: STROKE, lineCap: "round", lineJoin: "round", font: `44px ${style.fontFamily}` });
    for (const item of this.drawing.items.values()) {
      context.fillStyle = context.strokeStyle = style.getPropertyValue(`--pen-${item.pen}`);
      if (item.text) context.fillText(item.text, item.points[0], item.points[1], WIDTH - item.points[0]);
      else line(context, item.points);
    }
    this.#say();
  }

  /** For whoever does not see it: how much there is, and the words on it. */
  #say() {
    const items = [...this.drawing.items.values()];
    const words = items.filter((item) => item.text).map((item) => item.text);
    const lines = items.length - words.length;
    this.canvas.setAttribute("aria-label", `Whiteboard: ${lines} ${lines === 1 ? "line" : "lines"} drawn, ${words.length} written`);
    byId("board-words").replaceChildren(
      ...words.map((each) => {
        const item = document.createElement("li");
        item.textContent = each;
        return item;
      }),
    );
  }
}

/** Through the middles between the points, so that it is round. @param {CanvasRenderingContext2D} context @param {number[]} points */
function line(context, points) {
  context.beginPath();
  context.moveTo(points[0], points[1]);
  for (let place = 2; place + 3 < points.length; place += 2) {
    const [x, y] = [points[place], points[place + 1]];
    context.quadraticCurveTo(x, y, (x + points[place + 2]) / 2, (y + points[place + 3]) / 2);
  }
  context.lineTo(points[points.length - 2], points[points.length - 1]);
  context.stroke();
}
