"""A camera drawn by the page, whose picture is quiet until it is made lively: the browser's own fake needs few bits."""

from __future__ import annotations

PAINTED = """(() => {
  const asked = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const [width, height] = [960, 540];
  const canvas = (scale) => {
    return Object.assign(document.createElement("canvas"), { width: width / scale, height: height / scale });
  };
  const painted = () => {
    const [large, grains] = [canvas(1), canvas(10)];
    const [picture, noise] = [large.getContext("2d"), grains.getContext("2d")];
    const values = noise.createImageData(grains.width, grains.height);
    const words = new Uint32Array(values.data.buffer);
    let step = 0;
    setInterval(() => {
      picture.globalAlpha = window.isLively ? 0.35 : 1;
      if (window.isLively) {
        for (let at = 0; at < words.length; at += 1) words[at] = 0xff000000 | (Math.random() * 0x1000000);
        noise.putImageData(values, 0, 0);
        picture.drawImage(grains, 0, 0, width, height);
      } else {
        picture.fillStyle = "slategray";
        picture.fillRect(0, 0, width, height);
        picture.fillStyle = "white";
        picture.fillRect((step++ * 4) % width, 100, 60, 60);
      }
    }, 50);
    return large.captureStream(20).getVideoTracks()[0];
  };
  navigator.mediaDevices.getUserMedia = async (wishes) => {
    const stream = await asked(wishes);
    if (!wishes.video || !localStorage.getItem("painted")) return stream;
    for (const track of stream.getVideoTracks()) track.stop(), stream.removeTrack(track);
    stream.addTrack(painted());
    return stream;
  };
})();"""
QUIET = "localStorage.setItem('painted', 'yes')"
USUAL = "localStorage.removeItem('painted')"
LIVELY = "window.isLively = true"
