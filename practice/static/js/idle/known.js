// @ts-check
// The server itself keeps this browser locked: the pages need not remember it any more.
import { forget } from "./memory.js";

forget();
