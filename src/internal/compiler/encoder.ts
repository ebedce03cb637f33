/** Writes WebAssembly: numbers, instructions, and modules of functions that import what they use. */

export const I32 = 0x7f;
export const I64 = 0x7e;
const V128 = 0x7b;

/** Opcodes without immediates. */
export const Op = {
  unreachable: 0x00,
  else: 0x05,
  end: 0x0b,
  return: 0x0f,
  select: 0x1b,
  i32Eqz: 0x45,
  i32Ne: 0x47,
  i32GtS: 0x4a,
  i32GtU: 0x4b,
  i32LtU: 0x49,
  i64Eqz: 0x50,
  i64Eq: 0x51,
  i64Ne: 0x52,
  i64LtS: 0x53,
  i64LtU: 0x54,
  i64GtU: 0x56,
  i64LeU: 0x58,
  i64GeU: 0x5a,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32And: 0x71,
  i32Or: 0x72,
  i32WrapI64: 0xa7,
  i64ExtendI32U: 0xad,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64DivU: 0x80,
  i64RemU: 0x82,
  i64And: 0x83,
  i64Or: 0x84,
  i64Xor: 0x85,
  i64Shl: 0x86,
  i64ShrS: 0x87,
  i64ShrU: 0x88,
  i64Clz: 0x79,
} as const;

const BLOCK = 0x02;
const LOOP = 0x03;
const IF = 0x04;
const BR = 0x0c;
const CALL = 0x10;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const LOCAL_TEE = 0x22;
const I32_LOAD = 0x28;
const I64_LOAD = 0x29;
const I32_STORE = 0x36;
const I64_STORE = 0x37;
const I64_STORE8 = 0x3c;
const I32_CONST = 0x41;
const I64_CONST = 0x42;
const SIMD = 0xfd;
const NO_RESULT = 0x40;

export function unsigned(out: number[], value: number): void {
  while (value >= 0x80) {
    out.push((value & 0x7f) | 0x80);
    value >>>= 7;
  }
  out.push(value);
}

function signed(out: number[], value: number): void {
  while (value < -0x40 || value >= 0x40) {
    out.push((value & 0x7f) | 0x80);
    value >>= 7;
  }
  out.push(value & 0x7f);
}

function signedLong(out: number[], value: bigint): void {
  if (BigInt.asIntN(31, value) === value) {
    signed(out, Number(value));
    return;
  }
  for (;;) {
    const byte = Number(value & 0x7fn);
    value >>= 7n;
    if ((value === 0n && byte < 0x40) || (value === -1n && byte >= 0x40)) {
      out.push(byte);
      return;
    }
    out.push(byte | 0x80);
  }
}

/** The body of a function. Local variables are made when they are asked for. */
export class FunctionWriter {
  readonly #bytes: number[] = [];
  readonly #locals: number[] = [];
  readonly #parameters: number;
  readonly #called = new Set<number>();
  /** Blocks, loops and ifs that are open. */
  public depth = 0;

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  public get size(): number {
    return this.#bytes.length;
  }

  /** Whether the function of this index is called. */
  public calls(index: number): boolean {
    return this.#called.has(index);
  }

  public local(type: number): number {
    return this.#parameters + this.#locals.push(type) - 1;
  }

  public vector(): number {
    return this.local(V128);
  }

  public op(...opcodes: number[]): void {
    this.#bytes.push(...opcodes);
  }

  public i32(value: number): void {
    this.#bytes.push(I32_CONST);
    signed(this.#bytes, value);
  }

  public i64(value: bigint): void {
    this.#bytes.push(I64_CONST);
    signedLong(this.#bytes, BigInt.asIntN(64, value));
  }

  public get(local: number): void {
    this.#with(LOCAL_GET, local);
  }

  public set(local: number): void {
    this.#with(LOCAL_SET, local);
  }

  public tee(local: number): void {
    this.#with(LOCAL_TEE, local);
  }

  public call(index: number): void {
    this.#called.add(index);
    this.#with(CALL, index);
  }

  // Addresses are at least as aligned as what is read there.

  public load32(offset: number): void {
    this.#access([I32_LOAD], offset);
  }

  public load64(offset: number): void {
    this.#access([I64_LOAD], offset);
  }

  public store32(offset: number): void {
    this.#access([I32_STORE], offset);
  }

  public store64(offset: number): void {
    this.#access([I64_STORE], offset);
  }

  public store8(offset: number): void {
    this.#access([I64_STORE8], offset);
  }

  public loadVector(offset: number): void {
    this.#access([SIMD, 0x00], offset);
  }

  public storeVector(offset: number): void {
    this.#access([SIMD, 0x0b], offset);
  }

  /** Reverses the bytes of the vector on the stack; `spare` is a local of its type. */
  public reverseVector(spare: number): void {
    this.tee(spare);
    this.get(spare);
    this.#bytes.push(SIMD, 0x0d);
    for (let i = 15; i >= 0; i--) this.#bytes.push(i);
  }

  /** i64x2.splat */
  public splat(): void {
    this.#bytes.push(SIMD, 0x12);
  }

  /** i64x2.extract_lane */
  public lane(index: number): void {
    this.#bytes.push(SIMD, 0x1d, index);
  }

  /** i64x2.replace_lane */
  public setLane(index: number): void {
    this.#bytes.push(SIMD, 0x1e, index);
  }

  public block(): void {
    this.#open(BLOCK);
  }

  public loop(): void {
    this.#open(LOOP);
  }

  public if(): void {
    this.#open(IF);
  }

  public else(): void {
    this.#bytes.push(Op.else);
  }

  public end(): void {
    this.depth--;
    this.#bytes.push(Op.end);
  }

  /** Branches to what was opened at `depth` (as `depth` was before that). */
  public br(depth: number): void {
    this.#with(BR, this.depth - 1 - depth);
  }

  /** The function as the code section has it. */
  public encode(): number[] {
    const head: number[] = [];
    const groups: (readonly [count: number, type: number])[] = [];
    for (const type of this.#locals) {
      const last = groups.at(-1);
      if (last?.[1] === type) groups[groups.length - 1] = [last[0] + 1, type];
      else groups.push([1, type]);
    }
    unsigned(head, groups.length);
    for (const [count, type] of groups) {
      unsigned(head, count);
      head.push(type);
    }
    const out: number[] = [];
    unsigned(out, head.length + this.#bytes.length + 1);
    return out.concat(head, this.#bytes, Op.end);
  }

  #with(opcode: number, index: number): void {
    this.#bytes.push(opcode);
    unsigned(this.#bytes, index);
  }

  #access(opcode: readonly number[], offset: number): void {
    this.#bytes.push(...opcode, 0);
    unsigned(this.#bytes, offset);
  }

  #open(opcode: number): void {
    this.#bytes.push(opcode, NO_RESULT);
    this.depth++;
  }
}

export interface FunctionType {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
}

export interface FunctionParts extends FunctionType {
  readonly body: FunctionWriter;
}

export interface ModuleParts {
  /** Functions of the module "core"; they have the first indexes. */
  readonly imports: readonly (FunctionType & { readonly name: string })[];
  readonly functions: readonly FunctionParts[];
  /** Index of the function that is exported as "run". */
  readonly run: number;
  readonly maximumPages: number;
}

/** A module on the shared memory that it imports as core.memory. */
export function encodeModule(parts: ModuleParts): Uint8Array<ArrayBuffer> {
  const { imports, functions } = parts;
  const out = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const all = [...imports, ...functions];
  section(
    out,
    1,
    all.map(({ parameters, results }) => [
      0x60,
      ...[parameters.length, ...parameters],
      ...[results.length, ...results],
    ]),
  );
  const memory = [...name("core"), ...name("memory"), 0x02, 0x03, 0];
  unsigned(memory, parts.maximumPages);
  section(out, 2, [
    memory,
    ...imports.map((imported, type) => [
      ...[...name("core"), ...name(imported.name)],
      ...[0x00, type],
    ]),
  ]);
  section(
    out,
    3,
    functions.map((_, index) => [imports.length + index]),
  );
  section(out, 7, [[...name("run"), 0x00, parts.run]]);
  section(
    out,
    10,
    functions.map(({ body }) => body.encode()),
  );
  return Uint8Array.from(out);
}

function name(text: string): number[] {
  return [text.length, ...Buffer.from(text, "latin1")];
}

function section(
  out: number[],
  id: number,
  items: readonly (readonly number[])[],
): void {
  const count: number[] = [];
  unsigned(count, items.length);
  const size = items.reduce((sum, { length }) => sum + length, count.length);
  out.push(id);
  unsigned(out, size);
  for (const part of [count, ...items]) for (const byte of part) out.push(byte);
}
