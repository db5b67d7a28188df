// @ts-check
// Gives a letter's frame the height of the letter, so that the page scrolls and not the frame.

for (const frame of document.querySelectorAll("iframe[data-grows]")) {
  if (!(frame instanceof HTMLIFrameElement)) continue;
  const grow = () => {
    frame.style.blockSize = "0"; // a frame reports no less than its own height
    const height = frame.contentDocument?.documentElement.scrollHeight ?? 0;
    frame.style.blockSize = height > 0 ? `${height}px` : "";
  };
  frame.addEventListener("load", grow);
  addEventListener("resize", grow);
  if (frame.contentDocument?.readyState === "complete") grow();
}
