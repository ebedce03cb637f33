/** From a region to a module of WebAssembly. */
import type { FrameLayout } from "./compiler.js";
import type { FunctionParts, FunctionWriter } from "./encoder.js";
import type { Region } from "./region.js";

import { encodeModule, I32, I64 } from "./encoder.js";
import { writeProduct } from "./multiply.js";
import { RegionContext } from "./region-context.js";
import { RegionWriter } from "./region-writer.js";

const WORD = 0;
const STEP = 1;
const TOUCH = 2;
const RUN = 3;
const PRODUCT = 4;

/** Pages of 64 KiB: what the memory's own limit is. */
const MAXIMUM_PAGES = 65536;

const IMPORTS = [
  { name: "word", parameters: [I32, I32, I32], results: [] },
  { name: "step", parameters: [I32, I32, I32, I64], results: [I64] },
  { name: "touch", parameters: [I32, I64, I64, I32, I64], results: [I64] },
];

/** The module; it exports the function as `run`. */
export function compileRegion(
  region: Region,
  layout: FrameLayout,
  source: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const callees = { word: WORD, step: STEP, touch: TOUCH, product: PRODUCT };
  const context = new RegionContext(region, layout, callees, source);
  const body = context.write(() => new RegionWriter(context).write());
  const run = { parameters: [I32, I32, I64], results: [I64], body };
  return encodeModule({
    imports: IMPORTS,
    functions: body.calls(PRODUCT) ? [run, productFunction()] : [run],
    run: RUN,
    maximumPages: MAXIMUM_PAGES,
  });
}

let product: FunctionWriter | undefined;

function productFunction(): FunctionParts {
  product ??= writeProduct();
  const word = [I64, I64, I64, I64];
  return { parameters: [...word, ...word], results: word, body: product };
}
