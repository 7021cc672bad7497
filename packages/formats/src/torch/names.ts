/**
 * The names that a checkpoint of PyTorch refers to (torch/_utils.py), and what applying each means. Any other class or
 * function is opaque: training scripts keep their own beside the weights. Nothing is called, whatever the name.
 */
import { type Apply, apply, type Dialect, instance, type Reading } from '../pickle/dialect.ts';
import { NUMPY_NAMES, sizesOf } from '../pickle/numpy-names.ts';
import { hasKind, kindOf, type Storage, type Tensor, type TorchType, type Value } from '../pickle/values.ts';
import { isSize } from '../stored-array.ts';
import { DTYPE_NAMES, STORAGES, torchType } from './types.ts';

/** (storage, offset, sizes, strides); what follows tells of gradients, hooks and quantisation. */
function tensorOf([storage, offset, shape, strides]: readonly Value[], reading: Reading): Tensor {
  if (!hasKind(storage, 'storage') || !isSize(offset))
    throw reading.refuse(`a tensor is made of ${kindOf(storage)} from ${kindOf(offset)} on`);
  const [sizes, steps] = [
    sizesOf(shape, 'the shape of a tensor', reading),
    sizesOf(strides, 'the strides of a tensor', reading),
  ];
  if (sizes.length !== steps.length)
    throw reading.refuse(`a tensor has ${sizes.length} axes and ${steps.length} strides`);
  return { kind: 'tensor', storage, type: storage.type, offset, shape: sizes, strides: steps };
}

/** Lazily negated or conjugated: the storage does not hold its values. */
const marked = (metadata: Value | undefined): boolean =>
  hasKind(metadata, 'dict') && ['neg', 'conj'].some((bit) => metadata.entries.get(bit) === true);

const untyped = (tensor: Tensor, name: string): Tensor => ({
  ...tensor,
  type: { ...tensor.type, name, dtype: undefined },
});

const rebuildTensor: Apply = (args, reading) => {
  const tensor = tensorOf(args, reading);
  return marked(args[6]) ? untyped(tensor, `a negated or conjugated ${tensor.type.name}`) : tensor;
};

/** With a dtype that has no class of storage. */
const rebuildTensor3: Apply = (args, reading) => {
  const [tensor, dtype] = [tensorOf(args, reading), args[6]];
  if (!hasKind(dtype, 'global') && !hasKind(dtype, 'opaque'))
    throw reading.refuse(`the type of a tensor is ${kindOf(dtype)}`);
  const type: TorchType = torchType(dtype.name.replace(/^torch[ .]/, ''));
  const typed = { ...tensor, type };
  return marked(args[7]) ? untyped(typed, `a negated or conjugated ${type.name}`) : typed;
};

const first: Apply = ([value = null]) => value;
const REBUILD: Readonly<Record<string, Apply>> = {
  'torch._utils _rebuild_tensor': rebuildTensor,
  'torch._utils _rebuild_tensor_v2': rebuildTensor,
  'torch._utils _rebuild_tensor_v3': rebuildTensor3,
  'torch._utils _rebuild_qtensor': tensorOf,
  'torch._utils _rebuild_parameter': first,
  'torch._utils _rebuild_parameter_with_state': first,
  'torch._utils _rebuild_device_tensor_from_numpy': first,
  'torch._utils _rebuild_device_tensor_from_cpu_tensor': first,
  'torch._utils _rebuild_xla_tensor': first,
  'torch.nn.parameter Parameter': first,
};

const sequence: Apply = ([items]) =>
  hasKind(items, 'tuple') || hasKind(items, 'list') ? items : { kind: 'list', items: [] };
const opaque =
  (name: string): Apply =>
  () =>
    instance(name);

/** ('cuda', 0): cuda:0 */
const text: Apply = ([name, index]) => {
  const kind = typeof name === 'string' ? name.slice(0, 80) : kindOf(name);
  return typeof index === 'number' ? `${kind}:${index}` : kind;
};

const NAMES: Readonly<Record<string, Apply | undefined>> = {
  ...NUMPY_NAMES,
  ...REBUILD,
  ...Object.fromEntries(DTYPE_NAMES.map((name) => [`torch ${name}`, undefined])),
  'torch._utils _rebuild_sparse_tensor': opaque('a sparse tensor'),
  'torch._utils _rebuild_meta_tensor_no_storage': opaque('a tensor without elements'),
  // A subclass: (how it is rebuilt, the class, arguments, state).
  'torch._tensor _rebuild_from_type_v2': ([rebuild, type, args], reading) =>
    hasKind(rebuild, 'global') && Object.hasOwn(REBUILD, rebuild.name)
      ? apply({ names: REBUILD }, rebuild, args, reading)
      : instance(kindOf(type)),
  'torch device': text,
  'torch.serialization _get_layout': text,
  'torch Size': sequence,
  'builtins set': sequence,
  '__builtin__ set': sequence,
  'builtins frozenset': sequence,
  '__builtin__ frozenset': sequence,
  'collections Counter': ([counts]) =>
    hasKind(counts, 'dict') ? counts : { kind: 'dict', entries: new Map() },
};

function unknown(module: string, name: string): Value {
  const isStorage = /^torch(\.|$)/.test(module) && Object.hasOwn(STORAGES, name);
  if (isStorage) return { kind: 'global', name: `torch ${name}` };
  return { kind: 'opaque', name: `${module}.${name}`.slice(0, 120), args: [] };
}

/** ('storage', class, key, device, elements, in the legacy format: view), ('module', class, source file, source) */
function persistent(id: Value, { refuse }: Reading): Value {
  const [what, type, key, , length, view] = hasKind(id, 'tuple') ? id.items : [];
  if (what === 'module' && type !== undefined) return type;
  const name = hasKind(type, 'global') ? type.name.replace('torch ', '') : '';
  if (what !== 'storage' || !Object.hasOwn(STORAGES, name) || typeof key !== 'string' || !isSize(length))
    throw refuse(`${kindOf(id)} of ${kindOf(what)}, ${kindOf(type)} and ${kindOf(key)} stands for a storage`);
  const storage: Storage = { kind: 'storage', key, type: STORAGES[name]!, length, offset: 0 };
  if (!hasKind(view, 'tuple')) return storage;
  const [, offset, viewed] = view.items;
  if (!isSize(offset) || !isSize(viewed) || offset + viewed > length)
    throw refuse(`a view of ${String(length)} elements is of ${kindOf(viewed)} from ${kindOf(offset)} on`);
  return { ...storage, offset, length: viewed };
}

export const TORCH: Dialect = {
  what: 'a checkpoint of PyTorch',
  advice: 'write it again with torch.save',
  names: NAMES,
  unknown,
  persistent,
  // A state dict of a thousand tensors with its optimizer takes 150,000; logs of every step may be beside.
  maxOperations: 2_000_000,
  // Protocol 2, which torch.save writes, spells NumPy's arrays so.
  maxText: 2 ** 28,
  maxTexts: 2 ** 29,
};
