/** Gas that a transaction costs before anything runs, per fork. */
import { AMSTERDAM, BERLIN, HOMESTEAD, ISTANBUL, PRAGUE, SHANGHAI } from "../forks";
import { TX_FLAG_CREATE } from "../layout";
import { Work, work } from "./work";

const GAS_TRANSACTION: u64 = 21000;
const GAS_CREATE: u64 = 32000;
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
/** EIP-7623: a token is a zero byte; another byte is four. */
const GAS_FLOOR_TOKEN: u64 = 10;
/** EIP-7976 */
const GAS_FLOOR_TOKEN_AMSTERDAM: u64 = 16;

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
    if (fork >= HOMESTEAD) gas += GAS_CREATE;
    if (fork >= SHANGHAI) gas += (((self.dataLength as u64) + 31) >> 5) * GAS_INITCODE_WORD;
  }
  if (fork >= BERLIN) {
    let at = self.accessList as usize;
    for (let i: u32 = 0; i < self.accessListCount; i++) {
      const keys = load<u32>(at, 20);
      gas += GAS_LISTED_ADDRESS + (keys as u64) * GAS_LISTED_KEY;
      at += 24 + (keys as usize) * 32;
    }
  }
  if (fork >= PRAGUE) gas += (self.authorizationCount as u64) * GAS_AUTHORIZATION;
  self.intrinsicGas = gas;
  const token = fork >= AMSTERDAM ? GAS_FLOOR_TOKEN_AMSTERDAM : GAS_FLOOR_TOKEN;
  self.floorGas = fork >= PRAGUE ? GAS_TRANSACTION + (zeros + others * 4) * token : 0;
}
