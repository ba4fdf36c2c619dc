/** Let a pointer drag an element, which gets the focus if it may have it.
 * @param {SVGElement} element @param {(event: PointerEvent) => void} moved  called while it is dragged */
export function draggable(element, moved) {
  element.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    if (element.hasPointerCapture(event.pointerId)) moved(event);
  });
}
