/** Gas that a transaction costs before anything runs, per fork. */
import { AMSTERDAM, BERLIN, HOMESTEAD, ISTANBUL, PRAGUE, SHANGHAI } from "../forks";
import { createGas } from "../gas";
import { TX_FLAG_CREATE } from "../layout";
import { STATE_GAS_ACCOUNT, STATE_GAS_DELEGATION } from "../state-gas";
import { Work, work } from "./work";

const GAS_TRANSACTION: u64 = 21000;
const GAS_ZERO_BYTE: u64 = 4;
/** EIP-2028 lowered it to 16. */
const GAS_BYTE_FRONTIER: u64 = 68;
const GAS_BYTE: u64 = 16;
/** EIP-3860 */
const GAS_INITCODE_WORD: u64 = 2;
/** EIP-2930 */
const GAS_LISTED_ADDRESS: u64 = 2400;
const GAS_LISTED_KEY: u64 = 1900;
/** EIP-7702: PER_EMPTY_ACCOUNT_COST; what is too much for an existing authority comes back. */
export const GAS_AUTHORIZATION: u64 = 25000;
export const GAS_AUTHORIZATION_BASE: u64 = 12500;
/** EIP-8037: the rest is state gas. */
const GAS_AUTHORIZATION_AMSTERDAM: u64 = 7500;
/** EIP-7623: a token is a zero byte; another byte is four. */
const GAS_FLOOR_TOKEN: u64 = 10;
/** EIP-7976: every byte is four tokens, of 16; EIP-7981: so are those of the access list, which cost it besides. */
const GAS_FLOOR_BYTE_AMSTERDAM: u64 = 64;
const ADDRESS_BYTES: u64 = 20;
const KEY_BYTES: u64 = 32;

/** Number of zero bytes among `length` bytes. */
function zeroBytes(data: usize, length: u32): u32 {
  let count: u32 = 0;
  let at = data;
  const end = data + (length as usize);
  const zero = i64x2.splat(0);
  while (end - at >= 16) {
    count += popcnt<u32>(i8x16.bitmask(i8x16.eq(v128.load(at), zero)));
    at += 16;
  }
  while (at < end) {
    count += (load<u8>(at) == 0) as u32;
    at++;
  }
  return count;
}

/** Sets `intrinsicGas` and `floorGas` of the transaction at hand. */
export function computeIntrinsicGas(fork: u32): void {
  const self: Work = work;
  const isCreate = (self.flags & TX_FLAG_CREATE) != 0;
  const zeros = zeroBytes(self.data, self.dataLength) as u64;
  const others = (self.dataLength as u64) - zeros;
  let gas = GAS_TRANSACTION + zeros * GAS_ZERO_BYTE + others * (fork >= ISTANBUL ? GAS_BYTE : GAS_BYTE_FRONTIER);
  if (isCreate) {
    if (fork >= HOMESTEAD) gas += createGas(fork);
    if (fork >= SHANGHAI) gas += (((self.dataLength as u64) + 31) >> 5) * GAS_INITCODE_WORD;
  }
  let listBytes: u64 = 0;
  if (fork >= BERLIN) {
    let at = self.accessList as usize;
    for (let i: u32 = 0; i < self.accessListCount; i++) {
      const keys = load<u32>(at, 20);
      gas += GAS_LISTED_ADDRESS + (keys as u64) * GAS_LISTED_KEY;
      listBytes += ADDRESS_BYTES + (keys as u64) * KEY_BYTES;
      at += 24 + (keys as usize) * 32;
    }
  }
  const authorizations = self.authorizationCount as u64;
  let state: u64 = 0;
  if (fork >= AMSTERDAM) {
    gas += authorizations * GAS_AUTHORIZATION_AMSTERDAM + listBytes * GAS_FLOOR_BYTE_AMSTERDAM;
    state = authorizations * (STATE_GAS_ACCOUNT + STATE_GAS_DELEGATION) + (isCreate ? STATE_GAS_ACCOUNT : 0);
    self.floorGas = GAS_TRANSACTION + ((self.dataLength as u64) + listBytes) * GAS_FLOOR_BYTE_AMSTERDAM;
  } else {
    if (fork >= PRAGUE) gas += authorizations * GAS_AUTHORIZATION;
    self.floorGas = fork >= PRAGUE ? GAS_TRANSACTION + (zeros + others * 4) * GAS_FLOOR_TOKEN : 0;
  }
  self.intrinsicStateGas = state;
  self.intrinsicGas = gas + state;
}
