// @ts-check
// How loud the microphone hears, a tone for the speaker, a chime when somebody waits.

/** @type {AudioContext | null} */
let context = null;

/** @returns {AudioContext} */
function audio() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => {});
  return context;
}

// A browser may hold sound back until the first touch.
for (const touch of ["pointerdown", "keydown"]) {
  document.addEventListener(touch, () => context?.state === "suspended" && context.resume().catch(() => {}), { passive: true });
}

/** Shows a track's loudness. */
export class Level {
  /** @param {(level: number) => void} show called with 0 to 100 */
  constructor(show) {
    this.show = show;
    this.timer = 0;
    /** @type {MediaStreamAudioSourceNode | null} */
    this.source = null;
  }

  /** @param {MediaStreamTrack | null} track */
  listen(track) {
    clearInterval(this.timer);
    this.source?.disconnect();
    this.source = null;
    this.show(0);
    if (!track) return;
    const analyser = audio().createAnalyser();
    analyser.fftSize = 512;
    const samples = new Float32Array(analyser.fftSize);
    this.source = audio().createMediaStreamSource(new MediaStream([track]));
    this.source.connect(analyser);
    this.timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      const decibels = 10 * Math.log10(power + 1e-9);
      this.show(Math.max(0, Math.min(100, Math.round((decibels + 60) * 2))));
    }, 80);
  }
}

/** Play two soft notes through a speaker. @param {string} speaker its device id, or nothing for the usual one */
export async function tone(speaker) {
  const { stream, seconds } = notes([392, 523.25], 0.35);
  const element = new Audio();
  element.srcObject = stream;
  if (speaker && "setSinkId" in element) await /** @type {any} */ (element).setSinkId(speaker).catch(() => {});
  await element.play();
  setTimeout(() => (element.srcObject = null), 1000 * seconds + 500);
}

/** @param {number[]} frequencies in Hz @param {number} length of each, in seconds */
function notes(frequencies, length) {
  const destination = audio().createMediaStreamDestination();
  frequencies.forEach((frequency, place) => {
    const start = audio().currentTime + 0.05 + place * length;
    const oscillator = new OscillatorNode(audio(), { frequency, type: "sine" });
    const gain = new GainNode(audio(), { gain: 0 });
    gain.gain.setTargetAtTime(0.18, start, 0.02);
    gain.gain.setTargetAtTime(0, start + length * 0.5, length * 0.25);
    oscillator.connect(gain).connect(destination);
    oscillator.start(start);
    oscillator.stop(start + length * 2);
  });
  return { stream: destination.stream, seconds: length * (frequencies.length + 1) };
}

/** Puts the microphone and the sound of a shared tab onto one track: there is one line for sound. */
export class Mixer {
  constructor() {
    /** @type {MediaStreamAudioDestinationNode | null} */
    this.out = null;
    /** @type {MediaStreamTrack | null} */
    this.microphone = null;
    /** @type {AudioNode | null} */
    this.voice = null;
    /** @type {AudioNode | null} */
    this.tab = null;
  }

  /** Begin: the microphone that was named, and a tab's sound. @param {MediaStreamTrack} tab @returns {MediaStreamTrack} */
  with(tab) {
    this.out = audio().createMediaStreamDestination();
    this.tab = audio().createMediaStreamSource(new MediaStream([tab]));
    this.tab.connect(this.out);
    this.#connect();
    return this.out.stream.getAudioTracks()[0];
  }

  /** Use this microphone from now on. @param {MediaStreamTrack | null} microphone */
  speak(microphone) {
    if (this.microphone === microphone) return;
    this.microphone = microphone;
    this.#connect();
  }

  /** End. */
  end() {
    this.tab?.disconnect();
    this.voice?.disconnect();
    this.out = this.tab = this.voice = null;
  }

  #connect() {
    this.voice?.disconnect();
    this.voice = null;
    if (!this.out || !this.microphone) return;
    this.voice = audio().createMediaStreamSource(new MediaStream([this.microphone]));
    this.voice.connect(this.out);
  }
}
