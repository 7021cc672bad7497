;; The two passes of an antialiased resize of RGB bytes, in WebAssembly SIMD: ATen's upsample_bilinear2d_aa for uint8
;; (aten/src/ATen/native/cpu/UpSampleKernelAVXAntialias.h), int16 weights, two taps in each i32x4.dot_i16x8_s.
;; A table holds for each output place: the byte offset of its first input, then `pairs` words of two weights each.
;; Loads and stores run up to 16 bytes past the end of a row, and rows go by fours; the caller leaves room.
(module
  (memory (export "memory") 1)

  ;; One output pixel of four rows after another: sum of weight * input pixel, rounded, `precision` bits shifted away.
  ;; The last rows may be past the end.
  (func $store (param $to i32) (param $sum v128) (param $precision i32)
    (local.set $sum (i32x4.shr_s (local.get $sum) (local.get $precision)))
    (local.set $sum (i16x8.narrow_i32x4_s (local.get $sum) (local.get $sum)))
    (v128.store32_lane 0 (local.get $to) (i8x16.narrow_i16x8_u (local.get $sum) (local.get $sum))))

  (func (export "horizontal")
    (param $from i32) (param $stride i32) (param $rows i32) (param $to i32) (param $line i32)
    (param $width i32) (param $table i32) (param $pairs i32) (param $precision i32)
    (local $entry i32) (local $left i32) (local $pair i32)
    (local $p0 i32) (local $p1 i32) (local $p2 i32) (local $p3 i32)
    (local $half v128) (local $zero v128) (local $weights v128)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local.set $half (i32x4.splat (i32.shl (i32.const 1) (i32.sub (local.get $precision) (i32.const 1)))))
    (loop $row
      (local.set $entry (local.get $table))
      (local.set $left (local.get $width))
      (loop $pixel
        (local.set $p0 (i32.add (local.get $from) (i32.load (local.get $entry))))
        (local.set $p1 (i32.add (local.get $p0) (local.get $stride)))
        (local.set $p2 (i32.add (local.get $p1) (local.get $stride)))
        (local.set $p3 (i32.add (local.get $p2) (local.get $stride)))
        (local.set $s0 (local.get $half))
        (local.set $s1 (local.get $half))
        (local.set $s2 (local.get $half))
        (local.set $s3 (local.get $half))
        (local.set $pair (local.get $pairs))
        (loop $tap
          (local.set $entry (i32.add (local.get $entry) (i32.const 4)))
          (local.set $weights (v128.load32_splat (local.get $entry)))
          (local.set $s0 (i32x4.add (local.get $s0) (i32x4.dot_i16x8_s (local.get $weights)
            (i8x16.shuffle 0 16 3 16 1 16 4 16 2 16 5 16 16 16 16 16
              (v128.load64_zero (local.get $p0)) (local.get $zero)))))
          (local.set $p0 (i32.add (local.get $p0) (i32.const 6)))
          (local.set $s1 (i32x4.add (local.get $s1) (i32x4.dot_i16x8_s (local.get $weights)
            (i8x16.shuffle 0 16 3 16 1 16 4 16 2 16 5 16 16 16 16 16
              (v128.load64_zero (local.get $p1)) (local.get $zero)))))
          (local.set $p1 (i32.add (local.get $p1) (i32.const 6)))
          (local.set $s2 (i32x4.add (local.get $s2) (i32x4.dot_i16x8_s (local.get $weights)
            (i8x16.shuffle 0 16 3 16 1 16 4 16 2 16 5 16 16 16 16 16
              (v128.load64_zero (local.get $p2)) (local.get $zero)))))
          (local.set $p2 (i32.add (local.get $p2) (i32.const 6)))
          (local.set $s3 (i32x4.add (local.get $s3) (i32x4.dot_i16x8_s (local.get $weights)
            (i8x16.shuffle 0 16 3 16 1 16 4 16 2 16 5 16 16 16 16 16
              (v128.load64_zero (local.get $p3)) (local.get $zero)))))
          (local.set $p3 (i32.add (local.get $p3) (i32.const 6)))
          (br_if $tap (local.tee $pair (i32.sub (local.get $pair) (i32.const 1)))))
        (local.set $entry (i32.add (local.get $entry) (i32.const 4)))
        (local.set $p0 (local.get $to))
        (call $store (local.get $p0) (local.get $s0) (local.get $precision))
        (call $store (local.tee $p0 (i32.add (local.get $p0) (local.get $line))) (local.get $s1) (local.get $precision))
        (call $store (local.tee $p0 (i32.add (local.get $p0) (local.get $line))) (local.get $s2) (local.get $precision))
        (call $store (local.tee $p0 (i32.add (local.get $p0) (local.get $line))) (local.get $s3) (local.get $precision))
        (local.set $to (i32.add (local.get $to) (i32.const 3)))
        (br_if $pixel (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
      (local.set $from (i32.add (local.get $from) (i32.shl (local.get $stride) (i32.const 2))))
      (local.set $to (i32.add (local.get $to)
        (i32.sub (i32.shl (local.get $line) (i32.const 2)) (i32.mul (local.get $width) (i32.const 3)))))
      (br_if $row (i32.gt_s (local.tee $rows (i32.sub (local.get $rows) (i32.const 4))) (i32.const 0)))))

  ;; Sixteen bytes of an output row at once: the same sum down the rows.
  (func (export "vertical")
    (param $from i32) (param $stride i32) (param $rows i32) (param $to i32) (param $line i32)
    (param $table i32) (param $pairs i32) (param $precision i32)
    (local $entry i32) (local $input i32) (local $x i32) (local $pair i32) (local $half v128)
    (local $a v128) (local $b v128) (local $weights v128) (local $mixed v128)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local.set $half (i32x4.splat (i32.shl (i32.const 1) (i32.sub (local.get $precision) (i32.const 1)))))
    (loop $row
      (local.set $x (i32.const 0))
      (loop $chunk
        (local.set $entry (local.get $table))
        (local.set $input (i32.add (local.get $x) (i32.add (local.get $from) (i32.load (local.get $entry)))))
        (local.set $s0 (local.get $half))
        (local.set $s1 (local.get $half))
        (local.set $s2 (local.get $half))
        (local.set $s3 (local.get $half))
        (local.set $pair (local.get $pairs))
        (loop $tap
          (local.set $entry (i32.add (local.get $entry) (i32.const 4)))
          (local.set $weights (v128.load32_splat (local.get $entry)))
          (local.set $a (v128.load (local.get $input)))
          (local.set $b (v128.load (i32.add (local.get $input) (local.get $stride))))
          (local.set $mixed
            (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $a) (local.get $b)))
          (local.set $s0 (i32x4.add (local.get $s0)
            (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_u (local.get $mixed)) (local.get $weights))))
          (local.set $s1 (i32x4.add (local.get $s1)
            (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_u (local.get $mixed)) (local.get $weights))))
          (local.set $mixed
            (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $a) (local.get $b)))
          (local.set $s2 (i32x4.add (local.get $s2)
            (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_u (local.get $mixed)) (local.get $weights))))
          (local.set $s3 (i32x4.add (local.get $s3)
            (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_u (local.get $mixed)) (local.get $weights))))
          (local.set $input (i32.add (local.get $input) (i32.shl (local.get $stride) (i32.const 1))))
          (br_if $tap (local.tee $pair (i32.sub (local.get $pair) (i32.const 1)))))
        (v128.store (i32.add (local.get $to) (local.get $x))
          (i8x16.narrow_i16x8_u
            (i16x8.narrow_i32x4_s
              (i32x4.shr_s (local.get $s0) (local.get $precision))
              (i32x4.shr_s (local.get $s1) (local.get $precision)))
            (i16x8.narrow_i32x4_s
              (i32x4.shr_s (local.get $s2) (local.get $precision))
              (i32x4.shr_s (local.get $s3) (local.get $precision)))))
        (br_if $chunk (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 16))) (local.get $line))))
      (local.set $to (i32.add (local.get $to) (local.get $line)))
      (local.set $table (i32.add (local.get $table) (i32.shl (i32.add (local.get $pairs) (i32.const 1)) (i32.const 2))))
      (br_if $row (local.tee $rows (i32.sub (local.get $rows) (i32.const 1)))))))
