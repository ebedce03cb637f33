/**
 * Compiled code: where this thread's functions are, and which code is hot. A function is made by the host
 * (src/internal/compiler/) for a jump destination of one code on one fork, where the text then has
 * X_COMPILED. All threads and chains read the text; a thread that has no function there runs a JUMPDEST.
 *
 * What is known is kept by hash of the code, so that it is found again for the same code elsewhere, and memory that
 * is used anew finds nothing. Init code has no hash and is not compiled.
 */
import { CODE_HEADER } from "../code/store";
import { TRACE } from "../config";
import { compileRegion } from "../host";
import { bufferTake } from "../memory/thread";
import { OP_JUMPDEST } from "../opcodes";
import { TRAITS_SIZE } from "../traits";
import { traitTables } from "./area";
import { context } from "./context";
import { Frame, KIND_CREATE } from "./frame";
import { X_COMPILED } from "./text";

/** What is known of a place in code. */
@unmanaged
class Place {
  hash0: u64;
  hash1: u64;
  hash2: u64;
  hash3: u64;
  pc: u32;
  fork: u32;
  /** Index in the table + 1, 0 = none. */
  compiled: u32;
  /** Met here, the region is entered at `entry` - 1; 0 = not asked for yet, NOWHERE = there is none. */
  entry: u32;
  /** How often it was met without a function. */
  misses: u32;
  /** Runs of the function, and those that did not get far. */
  runs: u32;
  short: u32;
  reserved: u32;
}

const NOWHERE: u32 = 0xffffffff;
const PLACE_SIZE: usize = 64;
const PLACES: u32 = 512;

/** Jumps after which `interpret` returns to be called again: only a new call gets to the optimised code,
 *  when the engine has it ready; and where it is then, may be worth compiling. A prime, so that it is not always the
 *  same place of a loop. */
const PATIENCE: u32 = 16381;
/** A function that another thread has, this one makes for itself when it has missed it so often. */
const MISSES: u32 = 64;
/** Of runs that used less gas than SHORT_RUN, a function survives so many, and more if half are longer. */
const SHORT_RUNS: u32 = 64;
const SHORT_RUN: u64 = 200;

/** This thread's. */
let places: usize = 0;
let patienceAtFirst: u32 = PATIENCE;
let missesAllowed: u32 = MISSES;

/** What `interpret` has left of it. */
export let patience: u32 = PATIENCE;

// @ts-ignore: decorator
@inline
export function setPatience(left: u32): void {
  patience = left;
}

/** Code is compiled when it is met (`eager`, for tests), or as hot code is. What was known is forgotten. */
export function compileEagerly(eager: bool): void {
  if (places != 0) memory.fill(places, 0, (PLACES as usize) * PLACE_SIZE);
  patienceAtFirst = eager ? 1 : PATIENCE;
  patience = patienceAtFirst;
  missesAllowed = eager ? 1 : MISSES;
}

// @ts-ignore: decorator
@inline
function hashOf(frame: Frame): usize {
  return (frame.code as usize) - CODE_HEADER;
}

/** The place's record, made when there is none. */
function placeOf(hash: usize, pc: u32, fork: u32): Place {
  const mix = (load<u32>(hash) ^ (pc * 0x9e3779b1)) + fork;
  const first = changetype<Place>(places + ((mix % PLACES) as usize) * PLACE_SIZE);
  if (isAt(first, hash, pc, fork)) return first;
  const second = changetype<Place>(places + (((mix % PLACES) ^ 1) as usize) * PLACE_SIZE);
  if (isAt(second, hash, pc, fork)) return second;
  // One without a function makes way.
  const place = first.compiled == 0 ? first : second;
  const at = changetype<usize>(place);
  memory.fill(at, 0, PLACE_SIZE);
  v128.store(at, v128.load(hash));
  v128.store(at, v128.load(hash, 16), 16);
  place.pc = pc;
  place.fork = fork;
  return place;
}

// @ts-ignore: decorator
@inline
function isAt(place: Place, hash: usize, pc: u32, fork: u32): bool {
  return (
    place.pc == pc && place.fork == fork && place.hash0 == load<u64>(hash) && place.hash1 == load<u64>(hash, 8) &&
    place.hash2 == load<u64>(hash, 16) && place.hash3 == load<u64>(hash, 24)
  );
}

/** The function (index in the table + 1) for the X_COMPILED at `pc` of the text, or 0. */
export function compiledAt(frame: Frame, pc: usize, top: usize, fork: u32): u32 {
  if (places == 0 && !makePlaces()) return 0;
  const offset = (pc as u32) - frame.text;
  const place = placeOf(hashOf(frame), offset, fork);
  if (place.compiled != 0) return place.compiled;
  if (place.misses < missesAllowed && ++place.misses == missesAllowed) {
    frame.sp = top as u32;
    ask(frame, offset, fork, true);
    return placeOf(hashOf(frame), offset, fork).compiled;
  }
  return 0;
}

/** After a run of the function for the X_COMPILED at `pc`. */
export function ranCompiled(frame: Frame, pc: usize, used: u64, fork: u32): void {
  const place = placeOf(hashOf(frame), (pc as u32) - frame.text, fork);
  place.runs++;
  if (used >= SHORT_RUN || ++place.short < SHORT_RUNS || place.short < place.runs >> 1) return;
  if (missesAllowed == 1) return;
  place.compiled = 0;
  place.entry = NOWHERE;
  place.misses = missesAllowed;
  store<u8>(pc, OP_JUMPDEST as u8);
}

/** `interpret` has returned after a jump, for which the frame has just paid: is that a loop worth compiling? */
export function meetHot(frame: Frame): void {
  patience = patienceAtFirst;
  if (TRACE || frame.kind >= KIND_CREATE || (places == 0 && !makePlaces())) return;
  // Then it is compiled, and has not been run yet.
  if (load<u8>(frame.pc) == X_COMPILED) return;
  const fork = context.fork;
  const pc = frame.pc - 1 - frame.text;
  let entry = placeOf(hashOf(frame), pc, fork).entry;
  if (entry == 0) entry = ask(frame, pc, fork, false);
  if (entry == 0 || entry == NOWHERE) return;
  if (placeOf(hashOf(frame), entry - 1, fork).compiled != 0) store<u8>(frame.text + entry - 1, X_COMPILED as u8);
}

/** Asks the host to compile around `pc`. Returns what the place's `entry` then is. */
function ask(frame: Frame, pc: u32, fork: u32, isMarked: bool): u32 {
  const entry = compileRegion(changetype<usize>(frame), pc, fork, traitTables + fork * TRAITS_SIZE, isMarked);
  placeOf(hashOf(frame), pc, fork).entry = entry;
  return entry;
}

function makePlaces(): bool {
  places = bufferTake(PLACES * (PLACE_SIZE as u32));
  if (places == 0) return false;
  memory.fill(places, 0, (PLACES as usize) * PLACE_SIZE);
  return true;
}

/** The host has made a function (index in the table) for the place. */
export function setCompiled(hash: usize, pc: u32, fork: u32, index: u32): void {
  if (places == 0 && !makePlaces()) return;
  const place = placeOf(hash, pc, fork);
  place.compiled = index + 1;
  place.entry = pc + 1;
}

/** The function is not there any more. */
export function dropCompiled(index: u32): void {
  if (places == 0) return;
  for (let i: u32 = 0; i < PLACES; i++) {
    const place = changetype<Place>(places + (i as usize) * PLACE_SIZE);
    if (place.compiled != index + 1) continue;
    place.compiled = 0;
    place.entry = 0;
    place.misses = 0;
  }
}
