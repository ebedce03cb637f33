/** Prints lines of the network's log. */
import type { PrintLine } from "./logger.js";

const ESC = "\u001B[";
const HIDE_CURSOR = `${ESC}?25l`;
const SHOW_CURSOR = `${ESC}?25h`;
const PREVIOUS_LINE = `${ESC}F`;
const ERASE_TO_END = `${ESC}K`;

/** Through console.log, as tests expect; a replacing line over the last one of a terminal. */
export const printLine: PrintLine = (line, replace) => {
  if (!replace) {
    // eslint-disable-next-line no-console -- what contracts log goes where the user's own logs go
    console.log(line);
  } else if (process.stdout.isTTY) {
    process.stdout.write(
      `${HIDE_CURSOR}${PREVIOUS_LINE}${line}${ERASE_TO_END}\n${SHOW_CURSOR}`,
    );
  } else {
    process.stdout.write(`${line}\n`);
  }
};
