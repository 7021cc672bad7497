/** Checkpoints made by hand: what old versions wrote, what others mean by the same extensions, and what is made to harm. */
import { DataError } from '@longtail/core';
import { describe, expect, it, vi } from 'vitest';
import { type ArrayFile, openArrays } from '../src/index.ts';
import { encodeZip } from '../src/zip/write.ts';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const int64 = (value: bigint | number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes;
};
const HEAD = latin1('\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.\x80\x02}.');
/** A legacy checkpoint: the object's operations, the keys' and the storages. */
const legacy = (object: string | Buffer, keys = ']', ...storages: Buffer[]): Buffer =>
  Buffer.concat([
    ...[HEAD, latin1('\x80\x02'), typeof object === 'string' ? latin1(object) : object, latin1('.')],
    ...[latin1(`\x80\x02${keys}.`), ...storages],
  ]);
const open = (bytes: Uint8Array, name = 'made.pth'): Promise<ArrayFile> => openArrays(bytes, { name });
async function refusal(bytes: Uint8Array, name = 'made.pth'): Promise<string> {
  const error = await open(bytes, name).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(DataError);
  expect((error as Error).message).toContain(name);
  return (error as Error).message;
}

const short = (text: string): string => `U${String.fromCharCode(text.length)}${text}`;
/** A storage's persistent id as Python 2 wrote it, and a tensor of it. */
const storage = (type: string, length: number, view = 'N'): string =>
  `(${short('storage')}ctorch\n${type}\n${short('7')}${short('cpu')}K${String.fromCharCode(length)}${view}tQ`;
const tensor = (of: string, offset: number, size: number, stride = 1): string =>
  `ctorch._utils\n_rebuild_tensor\n(${of}K${String.fromCharCode(offset)}K${String.fromCharCode(size)}\x85K${String.fromCharCode(stride)}\x85tR`;
const KEYS = `]${short('7')}a`;
const SHORTS = Buffer.concat([int64(4), Buffer.from(Int16Array.of(10, 20, 30, 40).buffer)]);

describe('what old versions wrote', () => {
  it("Python 2's strings and ordered dicts of pairs, long names among them", async () => {
    const name = 'module.encoder.layer.'.repeat(5);
    const pair = `]${short(name)}a${tensor(storage('ShortStorage', 4), 1, 3)}a`;
    const file = await open(legacy(`ccollections\nOrderedDict\n]${pair}a\x85R`, KEYS, SHORTS));
    expect(await file.read(name)).toEqual({ dtype: 'int16', shape: [3], data: Int16Array.of(20, 30, 40) });
  });

  it('views of storages, storages by themselves, devices of old', async () => {
    const view = `(${short('8')}K\x02K\x02t`;
    const viewed = tensor(storage('ShortStorage', 4, view), 1, 1);
    const cuda = storage('ShortStorage', 4).replace('torch\n', 'torch.cuda\n');
    const file = await open(legacy(`(${viewed}${cuda}${storage('ShortStorage', 4)}t`, KEYS, SHORTS));
    expect(file.arrays).toMatchObject([{ shape: [1] }, { shape: [4] }, { shape: [4], name: '2' }]);
    expect((await file.read('0')).data).toEqual(Int16Array.of(40));
    expect((await file.read('1')).data).toEqual(Int16Array.of(10, 20, 30, 40));
    const beyond = `(${short('8')}K\x03K\x02t`;
    expect(await refusal(legacy(tensor(storage('ShortStorage', 4, beyond), 0, 1), KEYS, SHORTS))).toMatch(
      /a view of 4 elements/,
    );
  });

  it('modules with their source, by name of the class alone', async () => {
    const type = `(${short('module')}cmodels\nNet\n${short('net.py')}${short('class Net')}tQ`;
    const state = `}${short('scale')}${tensor(storage('ShortStorage', 4), 0, 1)}s`;
    const file = await open(legacy(`${type})\x81${state}b`, KEYS, SHORTS));
    expect((await file.read('scale')).data).toEqual(Int16Array.of(10));
  });
});

describe('of a type that is to come', () => {
  it('a tensor is listed', async () => {
    const of = storage('UntypedStorage', 8);
    const made = `ctorch._utils\n_rebuild_tensor_v3\n(${of}K\x00K\x08\x85K\x01\x85\x89}ctorch\nfloat2\ntR`;
    const file = await open(legacy(made, KEYS, Buffer.concat([int64(8), int64(0)])));
    expect(file.arrays).toMatchObject([{ dtype: undefined, typeName: 'float2', shape: [8] }]);
  });
});

describe("NumPy's arrays", () => {
  const array = (text: Buffer, length: number) =>
    Buffer.concat([
      latin1('cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85U\x01btR(K\x01J'),
      Buffer.from(Int32Array.of(length).buffer),
      latin1(
        '\x85cnumpy\ndtype\n(U\x02f8K\x00K\x01tR(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89',
      ),
      ...[latin1('c_codecs\nencode\n(X'), Buffer.from(Int32Array.of(text.length).buffer), text],
      latin1('U\x06latin1tRtb'),
    ]);

  const scalar = (code: string, bytes: string) =>
    `cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(${short(code)}K\x00K\x01tR(K\x03${short('<')}NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb${short(bytes)}tR`;

  it.each([
    ['f2', '\x00\x3e', { dtype: 'float64', data: Float64Array.of(1.5) }],
    ['f4', '\x00\x00\x80?', { dtype: 'float64', data: Float64Array.of(1) }],
    ['u1', '\xff', { dtype: 'int64', data: BigInt64Array.of(255n) }],
    ['i8', '\x01\x00\x00\x00\x00\x00\x00\x80', { dtype: 'int64', data: BigInt64Array.of(1n - 2n ** 63n) }],
    ['u8', '\xff'.repeat(8), { dtype: 'float64', data: Float64Array.of(2 ** 64) }],
    ['b1', '\x01', { dtype: 'bool', data: Uint8Array.of(1) }],
  ])('numbers of the type %s', async (code, bytes, expected) => {
    expect(await (await open(legacy(scalar(code, bytes)))).read()).toEqual({ ...expected, shape: [] });
  });

  it('text and dates are listed as what they are', async () => {
    for (const [code, bytes, kind = ''] of [
      ['U1', 'a\0\0\0'],
      ['M8', '\0'.repeat(8), ' (dates)'],
    ] as const) {
      const file = await open(legacy(scalar(code, bytes)));
      expect(file.arrays).toMatchObject([{ dtype: undefined, typeName: `NumPy's <${code}${kind}` }]);
    }
  });

  it('of megabytes, which protocol 2 spells as text', async () => {
    const numbers = Float64Array.from({ length: 300_000 }, (_, i) => Math.sin(i));
    const text = Buffer.from(Buffer.from(numbers.buffer).toString('latin1'));
    const file = await open(legacy(array(text, numbers.length)));
    expect(await file.read()).toEqual({ dtype: 'float64', shape: [300_000], data: numbers });
    expect(await refusal(legacy(array(text, 300_001)))).toMatch(
      /the elements of "" in 2400008 bytes, but there are 2400000/,
    );
    expect(await refusal(legacy(array(Buffer.from('\u0100'), 1)))).toMatch(
      /text beyond Latin-1 spells bytes/,
    );
  });
});

describe('a checkpoint that would call something', () => {
  it.each([
    ['os.system', `cos\nsystem\n${short('exit 1')}\x85R`],
    ['builtins.eval', `cbuiltins\neval\n${short('1')}\x85R`],
    ['numpy.load', `cnumpy\nload\n)\x81`],
    ['__proto__.constructor', `c__proto__\nconstructor\n)R`],
    ['torch.jit.load', `ctorch.jit\nload\n)}\x92}b`],
  ])('%s is only named', async (name, operations) => {
    const file = await open(legacy(`}(${short('x')}${operations}${short('n')}K\x01u`));
    expect((await file.read('n')).data).toEqual(BigInt64Array.of(1n));
    const [evil] = file.arrays;
    if (evil!.name === 'x') expect(evil).toMatchObject({ dtype: undefined, typeName: name });
    else expect(file.metadata['x.0']).toMatch(/^(exit )?1$/);
  });

  it('names of JavaScript are names, too', async () => {
    const get = vi.spyOn(globalThis, 'eval');
    const file = await open(legacy(`}(${short('__proto__')}${short('a')}${short('constructor')}K\x02u`));
    expect(Object.getOwnPropertyNames(file.metadata)).toEqual(['__proto__']);
    expect((await file.read('constructor')).data).toEqual(BigInt64Array.of(2n));
    expect(({} as { a?: string }).a).toBe(undefined);
    expect(get).not.toHaveBeenCalled();
  });
});

describe('objects that hold one another', () => {
  it('in a circle end there', async () => {
    const file = await open(legacy(`}q\x00(${short('self')}h\x00${short('n')}K\x03u`));
    expect(file.arrays.map(({ name }) => name)).toEqual(['n']);
  });

  it.each([
    ['text', short('a'), /their names take 1677\d+ characters/],
    ['nothing', ')', /its objects hold one another more than 524288 times/],
    ['long names', `}${short('k'.repeat(250))}K\x01s`, /their names take 1677\d+ characters/],
  ])('too often are refused: %s', async (_, value, message) => {
    const before = process.cpuUsage();
    expect(await refusal(legacy(`${value}${'2\x86'.repeat(60)}`))).toMatch(message);
    // Microseconds of the processor's: on a busy machine the clock says little.
    expect(process.cpuUsage(before).user).toBeLessThan(3e6);
  });

  it('more than can be listed are refused', async () => {
    const arrays = Buffer.from(`K\x01\x85q\x00(${'h\x00'.repeat(200_001)}t`, 'latin1');
    expect(await refusal(legacy(arrays))).toMatch(/at most 200000 arrays, but there are more/);
  });

  it('too deep are listed as what they are', async () => {
    const file = await open(legacy(`K\x01${'\x85}\x85'.repeat(50)}`.replaceAll('}', '')));
    expect(file.arrays).toMatchObject([{ typeName: 'a tuple', dtype: undefined }]);
  });

  it('lists of numbers that are shared are arrays once', async () => {
    const numbers = `](${'K\x01'.repeat(10_000)}eq\x00`;
    const file = await open(legacy(`(${numbers}${'h\x00'.repeat(1000)}t`));
    expect(file.arrays.length).toBe(1001);
    expect((await file.read('1000')).shape).toEqual([10_000]);
  });

  it('names that repeat are told apart', async () => {
    const file = await open(legacy(`}(K\x01K\x05${short('1')}K\x06u`));
    expect(file.arrays.map(({ name }) => name)).toEqual(['1', '1 (2)']);
    expect((await file.read('1 (2)')).data).toEqual(BigInt64Array.of(6n));
  });
});

describe('a file that is no checkpoint', () => {
  const tar = (member: string): Buffer => {
    const block = Buffer.alloc(1024);
    block.write(member);
    block.write('ustar\0', 257);
    return block;
  };
  const text = encodeZip([['notes/a.txt', latin1('a')]]);
  const order = encodeZip([
    ['a/data.pkl', latin1('\x80\x02N.')],
    ['a/byteorder', latin1('middle')],
  ]);
  const pickle = latin1('\x80\x04}\x8c\x01aK\x01s.');
  it.each<[string, Uint8Array, RegExp]>([
    ['data.tar', tar('images/1.jpg'), /it is a tar archive; extract it/],
    ['old.pth.tar', tar('sys_info'), /PyTorch's oldest format; in Python, write it again/],
    ['page.pth', latin1('<!DOCTYPE html><html>'), /its first bytes are "<!DOCTYPE html><"; fetch it again/],
    ['empty.pth', new Uint8Array(0), /its first bytes are ""/],
    ['other.ckpt', pickle, /a pickle of a dict is there, which torch.save did not write/],
    ['version.th', Buffer.concat([HEAD.subarray(0, 15), latin1('\x80\x02K\x01.')]), /its version is/],
    ['notes.pt', text, /the zip has no data.pkl in it/],
    ['order.pt', order, /expected "little" or "big" in a\/byteorder, but it is "middle"/],
    ['cut.pt', text.subarray(0, 90), /reading its directory failed/],
    ['cut.th', HEAD, /at byte 25 there is no protocol 2, 3, 4 or 5/],
  ])('%s', async (name, bytes, message) => {
    expect(await refusal(bytes, name)).toMatch(message);
  });

  it.each<[string, Buffer, RegExp]>([
    [
      'a tensor beyond its storage',
      legacy(tensor(storage('ShortStorage', 4), 1, 4), KEYS, SHORTS),
      /expected 8 bytes for the array of shape \[4\], but there are 6 from byte \d+ on/,
    ],
    [
      'strides beyond it',
      legacy(tensor(storage('ShortStorage', 4), 0, 2, 4), KEYS, SHORTS),
      /expected 10 bytes/,
    ],
    [
      'storages that end early',
      legacy(tensor(storage('ShortStorage', 4), 0, 2), KEYS, SHORTS.subarray(0, 12)),
      /a storage of 4 elements is to follow/,
    ],
    [
      'a storage of 2^62 elements',
      legacy(tensor(storage('ShortStorage', 4), 0, 2), KEYS, int64(2n ** 62n)),
      /a storage of \d+ elements is to follow/,
    ],
    ['a negative count', legacy(tensor(storage('ShortStorage', 4), 0, 2), KEYS, int64(-1)), /is to follow/],
    ['no storage', legacy(tensor(storage('ShortStorage', 4), 0, 2)), /there is no storage "7"/],
    ['a storage too many', legacy('N', KEYS, SHORTS), /a storage follows that no tensor refers to/],
    [
      'an unknown storage',
      legacy(tensor(storage('FooStorage', 4), 0, 2)),
      /torch.FooStorage and a string stands for a storage/,
    ],
    ['a tensor of none', legacy(tensor('N', 0, 2)), /a tensor is made of None from a number on/],
  ])('%s', async (_, bytes, message) => {
    expect(await refusal(bytes)).toMatch(message);
  });
});
