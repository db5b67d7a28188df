// @ts-check
// What every page can do. Each behaviour is its own module and finds its own elements.
import "./theme_switch.js";
import "./menu.js";
import "./flash.js";
import "./focus.js";
import "./confirm.js";
import "./reveal.js";
import "./quick_exit.js";
import "./sign_out.js";
import "./submit_once.js";
import "./find.js";
import "./tabs.js";
