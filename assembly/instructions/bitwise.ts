/** AND, OR, XOR, NOT: the top of the stack is `a`, the result replaces the item below (`b`). */

// @ts-ignore: decorator
@inline
export function and(a: usize, b: usize): void {
  v128.store(b, v128.and(v128.load(a), v128.load(b)));
  v128.store(b, v128.and(v128.load(a, 16), v128.load(b, 16)), 16);
}

// @ts-ignore: decorator
@inline
export function or(a: usize, b: usize): void {
  v128.store(b, v128.or(v128.load(a), v128.load(b)));
  v128.store(b, v128.or(v128.load(a, 16), v128.load(b, 16)), 16);
}

// @ts-ignore: decorator
@inline
export function xor(a: usize, b: usize): void {
  v128.store(b, v128.xor(v128.load(a), v128.load(b)));
  v128.store(b, v128.xor(v128.load(a, 16), v128.load(b, 16)), 16);
}

// @ts-ignore: decorator
@inline
export function not(a: usize): void {
  v128.store(a, v128.not(v128.load(a)));
  v128.store(a, v128.not(v128.load(a, 16)), 16);
}
