/** A verifier of Merkle proofs (Yellow Paper, appendix D) that shares nothing with the core. */
import { RLP } from "@ethereumjs/rlp";
import { keccak_256 } from "@noble/hashes/sha3.js";

type Node = (Uint8Array | Node)[];

/**
 * The value at `path` that the nodes prove under `root`, undefined when they prove that there is none.
 * @throws Error when a node is missing, superfluous, or not the one that its parent names.
 */
export function verifyProof(
  root: string,
  path: Uint8Array,
  nodes: readonly Uint8Array[],
): Uint8Array | undefined {
  const nibbles = toNibbles(path);
  const rest = [...nodes];
  const follow = (
    reference: Uint8Array | Node,
    depth: number,
  ): Uint8Array | undefined => {
    if (reference.length === 0) return undefined;
    const node =
      reference instanceof Uint8Array ? load(reference, rest) : reference;
    if (node.length === 17) return follow(node[nibbles[depth]], depth + 1);
    const [encoded, next] = node;
    if (!(encoded instanceof Uint8Array)) throw new Error("bad node");
    const isLeaf = encoded[0] >= 0x20;
    const digits = toNibbles(encoded);
    const own = digits.slice(digits[0] % 2 === 0 ? 2 : 1);
    if (own.some((digit, i) => digit !== nibbles[depth + i])) return undefined;
    if (!isLeaf) return follow(next, depth + own.length);
    if (
      depth + own.length !== nibbles.length ||
      !(next instanceof Uint8Array)
    ) {
      throw new Error("bad leaf");
    }
    return next;
  };
  if (nodes.length === 0) {
    if (root !== EMPTY_ROOT) throw new Error("no nodes");
    return undefined;
  }
  const value = follow(Buffer.from(root.slice(2), "hex"), 0);
  if (rest.length > 0) throw new Error("superfluous nodes");
  return value;
}

const EMPTY_ROOT =
  "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";

function load(hash: Uint8Array, rest: Uint8Array[]): Node {
  const encoded = rest.shift();
  if (encoded === undefined) throw new Error("a node is missing");
  if (Buffer.compare(keccak_256(encoded), hash) !== 0) {
    throw new Error("a node is not the one that its parent names");
  }
  return RLP.decode(encoded) as Node;
}

function toNibbles(bytes: Uint8Array): number[] {
  return [...bytes].flatMap((byte) => [Math.floor(byte / 16), byte % 16]);
}
