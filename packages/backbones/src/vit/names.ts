/**
 * The names of a vision transformer's weights in other people's files, as timm's:
 * Hugging Face's ViTModel, Dinov2Model and CLIPVisionModel, OpenAI's and open_clip's CLIP, the official DINO and DINOv2, torchvision.
 */

/** What a model is wrapped in when it is saved. */
const WRAPPERS =
  /^(?:(?:(?:model_)?state_dict(?:_best|_ema)?|feat_model|net|module|model|backbone|teacher|student|vit|dinov2|dinov2_with_registers|clip|visual\.trunk)\.)+/;

/** Ours, and how the others call it. */
const OUTER: readonly (readonly [string, ...string[]])[] = [
  [
    'cls_token',
    'embeddings.cls_token',
    'class_token',
    'vision_model.embeddings.class_embedding',
    'visual.class_embedding',
  ],
  [
    'pos_embed',
    'embeddings.position_embeddings',
    'encoder.pos_embedding',
    'vision_model.embeddings.position_embedding.weight',
    'visual.positional_embedding',
  ],
  ['reg_token'],
  ['register_tokens', 'embeddings.register_tokens'],
  [
    'patch_embed.proj',
    'embeddings.patch_embeddings.projection',
    'conv_proj',
    'vision_model.embeddings.patch_embedding',
    'visual.conv1',
  ],
  ['norm_pre', 'vision_model.pre_layrnorm', 'visual.ln_pre'],
  ['norm', 'layernorm', 'encoder.ln', 'vision_model.post_layernorm', 'visual.ln_post'],
  ['head', 'heads.head', 'classifier', 'visual_projection'],
  ['proj', 'visual.proj'],
];

const BLOCK =
  /^(?:blocks|layers|encoder\.layer|encoder\.layers|vision_model\.encoder\.layers|visual\.transformer\.resblocks)\.(?:encoder_layer_)?(\d+)\.(.+)$/;

/** The same inside of a block. */
const INNER: readonly (readonly [string, ...string[]])[] = [
  ['norm1', 'layernorm_before', 'layer_norm1', 'ln_1'],
  ['norm2', 'layernorm_after', 'layer_norm2', 'ln_2'],
  ['attn.qkv', 'self_attention.in_proj', 'attn.in_proj'],
  ['attn.q', 'attention.attention.query', 'attention.q_proj', 'self_attn.q_proj'],
  ['attn.k', 'attention.attention.key', 'attention.k_proj', 'self_attn.k_proj'],
  ['attn.v', 'attention.attention.value', 'attention.v_proj', 'self_attn.v_proj'],
  [
    'attn.proj',
    'attention.output.dense',
    'attention.o_proj',
    'self_attn.out_proj',
    'self_attention.out_proj',
    'attn.out_proj',
  ],
  ['mlp.fc1', 'intermediate.dense', 'mlp.c_fc', 'mlp.0', 'mlp.linear_1'],
  ['mlp.fc2', 'output.dense', 'mlp.c_proj', 'mlp.3', 'mlp.linear_2'],
  ['ls1.gamma', 'layer_scale1.lambda1'],
  ['ls2.gamma', 'layer_scale2.lambda1'],
];

const lookUp = (table: readonly (readonly [string, ...string[]])[]): ReadonlyMap<string, string> =>
  new Map(table.flatMap((names) => names.map((name) => [name, names[0]] as const)));
const [outer, inner] = [lookUp(OUTER), lookUp(INNER)];

/**
 * timm's name. What lies otherwise there has one of its own: q, k and v, register tokens, OpenAI's projection.
 *
 * @returns undefined for what is no part of the features: another tower, a pooler, a mask
 */
export function timmName(given: string): string | undefined {
  const name = given.replace(WRAPPERS, '');
  const [, number, rest = name] = BLOCK.exec(name) ?? [];
  const table = number === undefined ? outer : inner;
  const [, stem = rest, ending = ''] = /^(.+?)[._](weight|bias)$/.exec(rest) ?? [];
  const found = table.get(rest) ?? table.get(stem);
  if (found === undefined) return undefined;
  const ours = table.has(rest) ? found : `${found}.${ending}`;
  return number === undefined ? ours : `blocks.${number}.${ours}`;
}
