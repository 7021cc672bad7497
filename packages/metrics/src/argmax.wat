;; The place of the largest of each row of float32, the first of equal ones, -1 where one is NaN: argmax.ts, sixteen at a time.
(module
  (memory (export "memory") 16)

  ;; rows of n numbers from address 0; their places from address out
  (func (export "argmax") (param $rows i32) (param $n i32) (param $out i32)
    (local $at i32) (local $place i32)
    (loop $row
      (if (local.get $rows)
        (then
          (local.set $place (call $positive (local.get $at) (local.get $n)))
          (if (i32.eq (local.get $place) (i32.const -2))
            (then (local.set $place (call $any (local.get $at) (local.get $n)))))
          (i32.store (local.get $out) (local.get $place))
          (local.set $at (i32.add (local.get $at) (i32.shl (local.get $n) (i32.const 2))))
          (local.set $out (i32.add (local.get $out) (i32.const 4)))
          (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
          (br $row)))))

  ;; Floats above zero compare as their bits do, as signed integers; -2 where none is. A NaN is above Infinity, as a signed
  ;; integer where its sign is plus, as an unsigned one where it is minus.
  (func $positive (param $start i32) (param $n i32) (result i32)
    (local $at i32) (local $end i32) (local $part i32) (local $best i32) (local $where i32) (local $x i32)
    (local $m v128) (local $k v128) (local $u v128) (local $v v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $at (local.get $start))
    (local.set $end (i32.add (local.get $start) (i32.shl (local.get $n) (i32.const 2))))
    (block $rest
      (loop $parts
        ;; a part of 256 numbers
        (local.set $part (i32.add (local.get $at) (i32.const 1024)))
        (br_if $rest (i32.gt_u (local.get $part) (local.get $end)))
        (local.set $m (i32x4.splat (i32.const 0)))
        (local.set $k (local.get $m))
        (loop $sixteen
          (local.set $a (v128.load (local.get $at)))
          (local.set $b (v128.load offset=16 (local.get $at)))
          (local.set $c (v128.load offset=32 (local.get $at)))
          (local.set $d (v128.load offset=48 (local.get $at)))
          (local.set $m (i32x4.max_s (local.get $m) (local.get $a)))
          (local.set $u (i32x4.max_u (local.get $u) (local.get $a)))
          (local.set $k (i32x4.max_s (local.get $k) (local.get $b)))
          (local.set $v (i32x4.max_u (local.get $v) (local.get $b)))
          (local.set $m (i32x4.max_s (local.get $m) (local.get $c)))
          (local.set $u (i32x4.max_u (local.get $u) (local.get $c)))
          (local.set $k (i32x4.max_s (local.get $k) (local.get $d)))
          (local.set $v (i32x4.max_u (local.get $v) (local.get $d)))
          (local.set $at (i32.add (local.get $at) (i32.const 64)))
          (br_if $sixteen (i32.lt_u (local.get $at) (local.get $part))))
        (local.set $m (i32x4.max_s (local.get $m) (local.get $k)))
        (if (v128.any_true (i32x4.gt_s (local.get $m) (i32x4.splat (local.get $best))))
          (then
            (local.set $best (call $most (local.get $m)))
            (local.set $where (i32.sub (local.get $at) (i32.const 1024)))))
        (br $parts)))
    ;; fewer than 256
    (local.set $part (local.get $at))
    (loop $one
      (if (i32.lt_u (local.get $at) (local.get $end))
        (then
          (local.set $x (i32.load (local.get $at)))
          (if (i32.gt_u (local.get $x) (i32.const 0xff800000)) (then (return (i32.const -1))))
          (if (i32.gt_s (local.get $x) (local.get $best))
            (then (local.set $best (local.get $x)) (local.set $where (local.get $at))))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (br $one))))
    (if (v128.any_true (i32x4.gt_u (i32x4.max_u (local.get $u) (local.get $v)) (i32x4.splat (i32.const 0xff800000))))
      (then (return (i32.const -1))))
    (if (i32.gt_s (local.get $best) (i32.const 0x7f800000)) (then (return (i32.const -1))))
    (if (i32.eqz (local.get $best)) (then (return (i32.const -2))))
    (loop $one
      (if (i32.ne (i32.load (local.get $where)) (local.get $best))
        (then
          (local.set $where (i32.add (local.get $where) (i32.const 4)))
          (br $one))))
    (i32.shr_u (i32.sub (local.get $where) (local.get $start)) (i32.const 2)))

  (func $most (param $m v128) (result i32)
    (local.set $m (i32x4.max_s (local.get $m) (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $m) (local.get $m))))
    (local.set $m (i32x4.max_s (local.get $m) (i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 (local.get $m) (local.get $m))))
    (i32x4.extract_lane 0 (local.get $m)))

  ;; of a row that has no NaN, compared as floats
  (func $any (param $start i32) (param $n i32) (result i32)
    (local $at i32) (local $end i32) (local $part i32) (local $best f32) (local $where i32) (local $m v128)
    (local.set $best (f32.const -inf))
    (local.set $at (local.get $start))
    (local.set $where (local.get $start))
    (local.set $end (i32.add (local.get $start) (i32.shl (local.get $n) (i32.const 2))))
    (block $rest
      (loop $parts
        (local.set $part (i32.add (local.get $at) (i32.const 1024)))
        (br_if $rest (i32.gt_u (local.get $part) (local.get $end)))
        (local.set $m (f32x4.splat (local.get $best)))
        (loop $eight
          (local.set $m (f32x4.pmax (local.get $m)
            (f32x4.pmax (v128.load (local.get $at)) (v128.load offset=16 (local.get $at)))))
          (local.set $at (i32.add (local.get $at) (i32.const 32)))
          (br_if $eight (i32.lt_u (local.get $at) (local.get $part))))
        (if (v128.any_true (f32x4.gt (local.get $m) (f32x4.splat (local.get $best))))
          (then
            (local.set $best
              (f32.max
                (f32.max (f32x4.extract_lane 0 (local.get $m)) (f32x4.extract_lane 1 (local.get $m)))
                (f32.max (f32x4.extract_lane 2 (local.get $m)) (f32x4.extract_lane 3 (local.get $m)))))
            (local.set $where (i32.sub (local.get $at) (i32.const 1024)))))
        (br $parts)))
    (loop $one
      (if (i32.lt_u (local.get $at) (local.get $end))
        (then
          (if (f32.gt (f32.load (local.get $at)) (local.get $best))
            (then (local.set $best (f32.load (local.get $at))) (local.set $where (local.get $at))))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (br $one))))
    (loop $one
      (if (f32.ne (f32.load (local.get $where)) (local.get $best))
        (then
          (local.set $where (i32.add (local.get $where) (i32.const 4)))
          (br $one))))
    (i32.shr_u (i32.sub (local.get $where) (local.get $start)) (i32.const 2))))
