/**
 * Reads JSON text the way EDR's deserializer (serde_json, with arbitrary precision numbers) does,
 * for one purpose: to say of a malformed request what EDR says, down to the column. Used after the
 * fast parsers have refused a request; never on the hot path.
 *
 * A failure that happens while a value is read carries the column reached; one that a caller finds
 * afterwards (a custom message) gets the column of the enclosing sequence or object, after an
 * attempt to read its end. `attempt` is where that rule lives.
 */
export class JsonMismatch extends Error {
  /** 1-based; 0 = not known yet. */
  public column: number;

  constructor(message: string, column = 0) {
    super(message);
    this.column = column;
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const BACKSLASH = 0x5c;

const decoder = new TextDecoder();

/** A value that was read without a type in mind (what an untagged enum sees). */
export type AnyJson =
  | { readonly kind: "null" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "integer"; readonly text: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "sequence"; readonly items: readonly AnyJson[] }
  | { readonly kind: "map" };

export class JsonReader {
  readonly #bytes: Uint8Array;
  #index = 0;

  constructor(text: string) {
    this.#bytes = new TextEncoder().encode(text);
  }

  public peek(): number {
    return this.#bytes[this.#index];
  }

  /** A mismatch at the current position. */
  public mismatch(message: string): JsonMismatch {
    return new JsonMismatch(message, this.#index);
  }

  /** Runs a visitor; what it throws without a column gets the current one. */
  public located<T>(visit: () => T): T {
    try {
      return visit();
    } catch (error) {
      throw this.#locate(error);
    }
  }

  /** The string, number, … at the current position, as in "invalid type: …, expected …". */
  public invalidType(expected: string): JsonMismatch {
    switch (this.peek()) {
      case OPEN_BRACKET:
        return this.mismatch(`invalid type: sequence, expected ${expected}`);
      case OPEN_BRACE:
        return this.mismatch(`invalid type: map, expected ${expected}`);
    }
    const value = this.any();
    return this.mismatch(
      `invalid type: ${describe(value)}, expected ${expected}`,
    );
  }

  /**
   * As `invalidType`, for a type that would take anything: sequences and objects are entered before
   * they are refused, and numbers beyond 64 bits or with a fraction appear as maps.
   */
  public invalidAny(expected: string): JsonMismatch {
    switch (this.peek()) {
      case OPEN_BRACKET:
        this.#index++;
        this.#endSequence();
        return this.mismatch(`invalid type: sequence, expected ${expected}`);
      case OPEN_BRACE:
        this.#index++;
        this.#endMap();
        return this.mismatch(`invalid type: map, expected ${expected}`);
    }
    const value = this.any();
    const found = value.kind === "number" ? "map" : describe(value);
    return this.mismatch(`invalid type: ${found}, expected ${expected}`);
  }

  public isNull(): boolean {
    return this.peek() === 0x6e;
  }

  public isString(): boolean {
    return this.peek() === QUOTE;
  }

  public isSequence(): boolean {
    return this.peek() === OPEN_BRACKET;
  }

  public isMap(): boolean {
    return this.peek() === OPEN_BRACE;
  }

  public isBoolean(): boolean {
    return this.peek() === 0x74 || this.peek() === 0x66;
  }

  public isNumber(): boolean {
    return !(
      this.isString() ||
      this.isNull() ||
      this.isBoolean() ||
      this.isSequence() ||
      this.isMap()
    );
  }

  /** Reads a string. */
  public string(): string {
    const start = this.#index;
    this.#index++;
    while (this.#bytes[this.#index] !== QUOTE) {
      this.#index += this.#bytes[this.#index] === BACKSLASH ? 2 : 1;
    }
    this.#index++;
    const text = decoder.decode(this.#bytes.subarray(start, this.#index));
    return JSON.parse(text) as string;
  }

  /** Reads any value. */
  public any(): AnyJson {
    switch (this.peek()) {
      case QUOTE:
        return { kind: "string", value: this.string() };
      case 0x6e:
        this.#index += 4;
        return { kind: "null" };
      case 0x74:
        this.#index += 4;
        return { kind: "boolean", value: true };
      case 0x66:
        this.#index += 5;
        return { kind: "boolean", value: false };
      case OPEN_BRACKET: {
        const items: AnyJson[] = [];
        this.sequence(() => items.push(this.any()));
        return { kind: "sequence", items };
      }
      case OPEN_BRACE:
        this.map(() => void this.any());
        return { kind: "map" };
      default:
        return this.#number();
    }
  }

  /** Reads any value and gives its text. */
  public rawAny(): string {
    const start = this.#index;
    this.any();
    return decoder.decode(this.#bytes.subarray(start, this.#index));
  }

  /** Reads a sequence; `visit` reads one element and is told its index. */
  public sequence(visit: (index: number) => void, done?: () => void): void {
    this.#index++;
    this.#attempt(
      () => {
        for (let i = 0; this.peek() !== CLOSE_BRACKET; i++) {
          if (i > 0) {
            this.#index++;
          }
          visit(i);
        }
        done?.();
      },
      () => this.#endSequence(),
    );
  }

  /**
   * Reads a sequence of at most `elements.length` elements.
   *
   * @param missing called when the sequence ends before element `index`; throws if it may not.
   */
  public tuple(
    elements: ReadonlyArray<() => void>,
    missing: (index: number) => void,
  ): void {
    this.#index++;
    this.#attempt(
      () => {
        for (let i = 0; i < elements.length; i++) {
          if (this.peek() === CLOSE_BRACKET) {
            missing(i);
            continue;
          }
          if (i > 0) {
            this.#index++;
          }
          elements[i]();
        }
      },
      () => this.#endSequence(),
    );
  }

  /**
   * Reads an object; `visit` reads the value of a key.
   *
   * @param onKey sees each key before its colon is read.
   */
  public map(
    visit: (key: string) => void,
    onKey?: (key: string) => void,
    done?: () => void,
  ): void {
    this.#index++;
    this.#attempt(
      () => {
        for (let i = 0; this.peek() !== CLOSE_BRACE; i++) {
          if (i > 0) {
            this.#index++;
          }
          const key = this.string();
          onKey?.(key);
          this.#index += this.peek() === COLON ? 1 : 0;
          visit(key);
        }
        done?.();
      },
      () => this.#endMap(),
    );
  }

  #number(): AnyJson {
    const start = this.#index;
    while (
      this.#index < this.#bytes.length &&
      "+-.eE0123456789".includes(String.fromCharCode(this.peek()))
    ) {
      this.#index++;
    }
    const text = decoder.decode(this.#bytes.subarray(start, this.#index));
    const fits =
      /^-?\d+$/.test(text) &&
      (text.startsWith("-")
        ? BigInt.asIntN(64, BigInt(text)) === BigInt(text)
        : BigInt.asUintN(64, BigInt(text)) === BigInt(text));
    return { kind: fits ? "integer" : "number", text };
  }

  #attempt(visit: () => void, end: () => JsonMismatch | undefined): void {
    let failure: unknown;
    let failed = false;
    try {
      visit();
    } catch (error) {
      failure = error;
      failed = true;
    }
    const endFailure = end();
    if (failed) {
      throw this.#locate(failure);
    }
    if (endFailure !== undefined) {
      throw endFailure;
    }
  }

  #endSequence(): JsonMismatch | undefined {
    if (this.peek() === CLOSE_BRACKET) {
      this.#index++;
      return undefined;
    }
    if (this.peek() === COMMA) {
      this.#index++;
    }
    return new JsonMismatch("trailing characters", this.#index + 1);
  }

  #endMap(): JsonMismatch | undefined {
    if (this.peek() === CLOSE_BRACE) {
      this.#index++;
      return undefined;
    }
    const message =
      this.peek() === COMMA ? "trailing comma" : "trailing characters";
    return new JsonMismatch(message, this.#index + 1);
  }

  #locate(error: unknown): unknown {
    if (error instanceof JsonMismatch && error.column === 0) {
      error.column = this.#index;
    }
    return error;
  }
}

/** How a value is called in "invalid type: …" and "invalid value: …". */
export function describe(value: AnyJson): string {
  switch (value.kind) {
    case "null":
      return "null";
    case "boolean":
      return `boolean \`${value.value}\``;
    case "integer":
      return `integer \`${value.text}\``;
    case "number":
      return "number";
    case "string":
      return `string ${quote(value.value)}`;
    case "sequence":
      return "sequence";
    case "map":
      return "map";
  }
}

/** A string in quotes, escaped as Rust's debug format does. */
export function quote(text: string): string {
  let quoted = '"';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    switch (character) {
      case '"':
        quoted += '\\"';
        break;
      case "\\":
        quoted += "\\\\";
        break;
      case "\n":
        quoted += "\\n";
        break;
      case "\r":
        quoted += "\\r";
        break;
      case "\t":
        quoted += "\\t";
        break;
      case "\0":
        quoted += "\\0";
        break;
      default:
        quoted +=
          code < 0x20 || code === 0x7f
            ? `\\u{${code.toString(16)}}`
            : character;
    }
  }
  return `${quoted}"`;
}
