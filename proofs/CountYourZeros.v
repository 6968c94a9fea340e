(** Chapter "Count your zeros". *)
From Coq Require Import List.
Require Import Basics Convexity NullSets.
Import ListNotations.

(** * The band *)

Definition subgradient_step (g c beta s w : R) : R := w - s * (g + c * w + beta * sign w).
Fixpoint iterate (k : nat) (f : R -> R) (w : R) : R :=
  match k with O => w | S k' => iterate k' f (f w) end.

(** "The band": it is entered after some k steps and never left; its width is the step times the kink; no step from a
    point other than zero is shorter than s (beta - |g|). *)
Theorem prop_band :
  forall g c beta s : R, 0 <= c -> Rabs g < beta -> 0 < s -> s * c <= 1 ->
  let next := subgradient_step g c beta s in
  let band w := - s * (beta + g) <= w <= s * (beta - g) in
  (forall w, exists k, band (iterate k next w)) /\
  (forall w, band w -> band (next w)) /\
  s * (beta - g) - - s * (beta + g) = 2 * s * beta /\
  (forall w, w <> 0 -> Rabs (next w - w) >= s * (beta - Rabs g)) /\
  0 < s * (beta - Rabs g).
Proof.
  intros g c beta s Hc Hg Hs Hsc next band.
  assert (G := Rabs_def2 _ _ Hg).
  assert (Ag : - Rabs g <= g <= Rabs g) by (generalize (Rle_abs g) (Rle_abs (- g)); rewrite Rabs_Ropp; lra).
  set (delta := s * (beta - Rabs g)).
  assert (Hd : 0 < delta) by (apply Rmult_lt_0_compat; lra).
  assert (Pos : forall w, 0 < w -> - s * (beta + g) <= next w <= w - delta).
  { intros w Hw; unfold next, subgradient_step, delta; rewrite sign_pos by assumption.
    assert (0 <= (1 - s * c) * w) by (apply Rmult_le_pos; lra).
    assert (0 <= s * c * w) by (repeat apply Rmult_le_pos; lra). nra. }
  assert (Neg : forall w, w < 0 -> w + delta <= next w <= s * (beta - g)).
  { intros w Hw; unfold next, subgradient_step, delta; rewrite sign_neg by assumption.
    assert (0 <= (1 - s * c) * - w) by (apply Rmult_le_pos; lra).
    assert (0 <= s * c * - w) by (repeat apply Rmult_le_pos; lra). nra. }
  assert (Stay : forall w, band w -> band (next w)).
  { intros w [H1 H2]; destruct (Rtotal_order w 0) as [H | [-> | H]].
    - specialize (Neg w H); split; lra.
    - unfold band, next, subgradient_step; rewrite sign_0; nra.
    - specialize (Pos w H); split; lra. }
  assert (Enter : forall n w, Rabs w <= INR n * delta -> exists k, band (iterate k next w)).
  { induction n; intros w Hw.
    - exists O; simpl in *; rewrite Rmult_0_l in Hw.
      assert (w = 0) by (generalize (Rle_abs w) (Rle_abs (- w)); rewrite Rabs_Ropp; lra).
      subst w; unfold band; nra.
    - destruct (classic (band w)) as [B | B]; [now exists O |].
      destruct (classic (band (next w))) as [B' | B']; [now exists 1%nat |].
      destruct (IHn (next w)) as [k Hk].
      + rewrite S_INR in Hw; unfold band in *.
        destruct (Rtotal_order w 0) as [H | [H | H]].
        * specialize (Neg w H); rewrite (Rabs_left w) in Hw by lra.
          assert (next w < 0) by (apply Rnot_le_lt; intro; apply B'; nra).
          rewrite Rabs_left by lra; lra.
        * exfalso; apply B; subst w; nra.
        * specialize (Pos w H); rewrite (Rabs_right w) in Hw by lra.
          assert (0 < next w) by (apply Rnot_le_lt; intro; apply B'; nra).
          rewrite Rabs_right by lra; lra.
      + exists (S k); exact Hk. }
  repeat split; auto.
  - intro w; destruct (archimed (Rabs w / delta)) as [H _].
    apply (Enter (Z.to_nat (up (Rabs w / delta)))).
    assert (0 <= Rabs w / delta) by (apply Rle_mult_inv_pos; [apply Rabs_pos | lra]).
    rewrite INR_IZR_INZ, Z2Nat.id by (apply le_IZR; lra).
    apply Rle_trans with (Rabs w / delta * delta); [right; field; lra |].
    apply Rmult_le_compat_r; lra.
  - apply Stay; assumption.
  - apply Stay; assumption.
  - ring.
  - intros w Hw; destruct (Rtotal_order w 0) as [H | [H | H]]; [| lra |].
    + specialize (Neg w H); fold delta; rewrite Rabs_right; lra.
    + specialize (Pos w H); fold delta; rewrite Rabs_left1; lra.
Qed.

(** Near miss: without s c <= 1 a step leaves the band. *)
Lemma miss_prop_band_long_step :
  ~ (forall g c beta s : R, 0 <= c -> Rabs g < beta -> 0 < s ->
     let next := subgradient_step g c beta s in
     let band w := - s * (beta + g) <= w <= s * (beta - g) in
     forall w, band w -> band (next w)).
Proof.
  intro H; specialize (H 0 3 1 1 ltac:(lra) ltac:(rewrite Rabs_R0; lra) ltac:(lra) 1 ltac:(lra)).
  unfold subgradient_step in H; rewrite sign_pos in H; lra.
Qed.

(** * Zero is not hit *)

(** One step of subgradient descent on w^T H w / 2 + b.w + beta |w|_1 with step s. *)
Definition l1_step {n} (H : matrix n n) (b : vec n) (beta s : R) (w : vec n) : vec n :=
  fun i => w i - s * (dot (H i) w + b i + beta * sign (w i)).
(** The point after k steps, with the steps s_0, s_1, ... *)
Fixpoint after {n} (H : matrix n n) (b : vec n) (beta : R) (s : nat -> R) (k : nat) (w : vec n) : vec n :=
  match k with O => w | S k' => l1_step H b beta (s k') (after H b beta s k' w) end.

(** All vectors with the entries 1, -1 and 0. *)
Fixpoint patterns (n : nat) : list (vec n) :=
  match n with
  | O => [fun _ => 0]
  | S m => flat_map (fun a => map (fun v (j : Fin.t (S m)) => Fin.caseS' j (fun _ => R) a v) (patterns m)) [1; -1; 0]
  end.

Lemma signs_in_patterns : forall n (w : vec n), In (fun j => sign (w j)) (patterns n).
Proof.
  induction n; intro w; cbn [patterns].
  - left; apply functional_extensionality; intro j; inversion j.
  - apply in_flat_map; exists (sign (w Fin.F1)); split.
    + unfold sign; destruct (Rlt_dec 0 (w Fin.F1)); [now left |].
      destruct (Rlt_dec (w Fin.F1) 0); [right; now left | right; right; now left].
    + apply in_map_iff; exists (fun j => sign (w (Fin.FS j))); split; [| apply IHn].
      apply functional_extensionality; intro j; pattern j; apply Fin.caseS'; reflexivity.
Qed.

Lemma dot_swap : forall n (H : matrix n n) (a w : vec n), (forall i j, H i j = H j i) ->
  dot a (times H w) = dot (times H a) w.
Proof.
  intros n H a w Sym; unfold dot, times.
  rewrite (sum_ext _ _ (fun i => sum (fun j => a i * H i j * w j))).
  2: { intro i; unfold dot; rewrite <- sum_scal; apply sum_ext; intro; ring. }
  rewrite sum_swap; apply sum_ext; intro j; unfold dot.
  rewrite Rmult_comm, <- sum_scal; apply sum_ext; intro i; rewrite (Sym i j); ring.
Qed.

(** Finitely many hyperplanes {w : a.w = c}, with a <> 0, hold the starting points from which weight i is zero after k
    steps. *)
Lemma planes_before_zero :
  forall n (H : matrix n n) (b : vec n) (beta : R) (s : nat -> R),
  (forall i j, H i j = H j i) ->
  (forall k (v : vec n), (forall i, s k * dot (H i) v = v i) -> forall i, v i = 0) ->
  forall k (i : Fin.t n), exists planes : list (vec n * R),
    (forall a c, In (a, c) planes -> exists j, a j <> 0) /\
    (forall w, after H b beta s k w i = 0 -> exists a c, In (a, c) planes /\ dot a w = c).
Proof.
  intros n H b beta s Sym Eig k i.
  (* more: the same for {w : a.(w after k steps) = c} with any a <> 0 *)
  assert (K : forall k (a : vec n) c, (exists j, a j <> 0) -> exists planes : list (vec n * R),
    (forall a c, In (a, c) planes -> exists j, a j <> 0) /\
    (forall w, dot a (after H b beta s k w) = c -> exists a c, In (a, c) planes /\ dot a w = c)).
  { clear k i; induction k; intros a c Ha.
    - exists [(a, c)]; split.
      + intros a' c' [E | []]; injection E as <- <-; exact Ha.
      + intros w Hw; exists a, c; split; [now left | exact Hw].
    - set (a' := fun j => a j - s k * dot (H j) a).
      assert (Ha' : exists j, a' j <> 0).
      { apply NNPP; intro N; destruct Ha as [j Hj]; apply Hj, (Eig k); intro l.
        apply NNPP; intro Nl; apply N; exists l; unfold a'; lra. }
      assert (One : forall w, dot a (l1_step H b beta (s k) w)
                    = dot a' w - s k * dot a (fun j => b j + beta * sign (w j))).
      { intro w.
        assert (Sw := dot_swap n H a w Sym).
        unfold l1_step, a'; unfold dot in *; unfold times in Sw.
        rewrite (sum_ext _ _ (fun j => a j * w j + - s k * (a j * dot (H j) w) + - s k * (a j * (b j + beta * sign (w
            j)))))
          by (intro; unfold dot; ring).
        rewrite (sum_ext _ (fun j => (a j - s k * sum (fun l => H j l * a l)) * w j)
                   (fun j => a j * w j + - s k * (dot (H j) a * w j))) by (intro; unfold dot; ring).
        rewrite !sum_plus, !sum_scal, Sw; ring. }
      set (now p := c + s k * dot a (fun j => b j + beta * p j)).
      assert (All : forall l : list (vec n), exists planes : list (vec n * R),
        (forall a c, In (a, c) planes -> exists j, a j <> 0) /\
        (forall p w, In p l -> dot a' (after H b beta s k w) = now p -> exists a c, In (a, c) planes /\ dot a w = c)).
      { induction l as [| p l (P & P1 & P2)].
        - exists []; split; [intros ? ? [] | intros ? ? []].
        - destruct (IHk a' (now p) Ha') as (Q & Q1 & Q2).
          exists (P ++ Q); split.
          + intros x y I; apply in_app_or in I; destruct I as [I | I]; [now apply (P1 x y) | now apply (Q1 x y)].
          + intros q w [<- | Iq] Hq.
            * destruct (Q2 w Hq) as (x & y & I & D); exists x, y; split; [apply in_or_app; now right | exact D].
            * destruct (P2 q w Iq Hq) as (x & y & I & D); exists x, y; split; [apply in_or_app; now left | exact D]. }
      destruct (All (patterns n)) as (P & P1 & P2).
      exists P; split; [exact P1 |]; intros w Hw; cbn [after] in Hw; rewrite One in Hw.
      apply (P2 _ w (signs_in_patterns n (after H b beta s k w))); unfold now; lra. }
  destruct (K k (fun j => if Fin.eq_dec j i then 1 else 0) 0) as (P & P1 & P2).
  - exists i; destruct (Fin.eq_dec i i); [lra | congruence].
  - exists P; split; [exact P1 |]; intros w Hw; apply P2.
    transitivity (after H b beta s k w i); [unfold dot; cbv beta | exact Hw].
    assert (E := sum_one n (fun j => (if Fin.eq_dec j i then 1 else 0) * after H b beta s k w j) (fun _ => 0) i).
    cbv beta in E; rewrite sum_zero in E; destruct (Fin.eq_dec i i); [| congruence].
    rewrite !Rminus_0_r in E; rewrite E; [ring |]. intros j Hj; destruct (Fin.eq_dec j i); [congruence | ring].
Qed.

(** "Zero is not hit."  No step s_k is the reciprocal of an eigenvalue: s_k H v = v for v = 0 only.  Then, whatever the
    number k of steps and the weight i, the starting points from which weight i is zero after k steps are a null set. *)
(* Scope: for each k and i, where a null set stands for "with probability zero"; that a density gives null sets, and
   countably many of them together, the probability zero is not proved. *)
Theorem prop_no_hit :
  forall n (H : matrix n n) (b : vec n) (beta : R) (s : nat -> R),
  (forall i j, H i j = H j i) ->
  (forall k (v : vec n), (forall i, s k * dot (H i) v = v i) -> forall i, v i = 0) ->
  forall k (i : Fin.t n), null (fun w => after H b beta s k w i = 0).
Proof.
  intros n H b beta s Sym Eig k i; destruct (planes_before_zero n H b beta s Sym Eig k i) as (planes & P1 & P2).
  apply null_subset with (2 := hyperplanes_null n planes P1); exact P2.
Qed.

(** Near miss: a step that is the reciprocal of an eigenvalue.  For w^2/2 - beta w + beta |w| and s = 1 every starting
    point w > 0 is at zero after one step. *)
Lemma miss_prop_no_hit_eigenvalue :
  let H : matrix 1 1 := fun _ _ => 1 in
  forall beta (w : vec 1), 0 < w Fin.F1 -> after H (fun _ => - beta) beta (fun _ => 1) 1 w Fin.F1 = 0.
Proof.
  intros H beta w Hw; simpl; unfold l1_step, dot; simpl; rewrite sign_pos by assumption; unfold H; ring.
Qed.

(** * Only one element keeps zero *)

(** "Only one element keeps zero." *)
Theorem prop_thrown_out :
  forall g beta s : R, 0 < s ->
  let next z := 0 - s * (g + z) in
  (forall z, - beta <= z <= beta -> (next z = 0 <-> z = - g)) /\
  ((exists z, - beta <= z <= beta /\ next z = 0) <-> Rabs g <= beta) /\
  (next 0 = 0 -> g = 0).
Proof.
  intros g beta s Hs next; unfold next.
  assert (K : forall z, 0 - s * (g + z) = 0 <-> z = - g) by (intro z; split; [nra | intros ->; ring]).
  repeat split.
  - apply K.
  - apply K.
  - intros (z & Hz & H); apply K in H; apply Rabs_le; lra.
  - intro H; exists (- g); split; [| apply K; ring].
    generalize (Rle_abs g) (Rle_abs (- g)); rewrite Rabs_Ropp; lra.
  - intro H; apply K in H; lra.
Qed.

(** Near miss: "z = 0 keeps zero wherever some element does". *)
Lemma miss_prop_thrown_out_zero :
  ~ (forall g beta s : R, 0 < s -> Rabs g <= beta -> 0 - s * (g + 0) = 0).
Proof. intro H; specialize (H 1 1 1 ltac:(lra) ltac:(rewrite Rabs_R1; lra)); lra. Qed.

(** * How small is small? *)

Lemma smooth_slope : forall beta eps w, 0 < eps ->
  derivative (fun u => beta * sqrt (u ^ 2 + eps ^ 2)) w (beta * (w / sqrt (w ^ 2 + eps ^ 2))).
Proof.
  intros beta eps w He; apply derivable_pt_lim_scal.
  assert (P : 0 < w ^ 2 + eps ^ 2) by nra.
  replace (w / sqrt (w ^ 2 + eps ^ 2)) with (/ (2 * sqrt (w ^ 2 + eps ^ 2)) * (INR 2 * w ^ 1 + 0)).
  - apply (derivable_pt_lim_comp (fun u => u ^ 2 + eps ^ 2) sqrt).
    + apply (derivable_pt_lim_plus (fun u => u ^ 2) (fun _ => eps ^ 2)).
      * apply (derivable_pt_lim_pow w 2).
      * apply derivable_pt_lim_const.
    + now apply derivable_pt_lim_sqrt.
  - assert (0 < sqrt (w ^ 2 + eps ^ 2)) by now apply sqrt_lt_R0.
    replace (INR 2) with 2 by (simpl; ring); rewrite pow_1; field; lra.
Qed.

(** "How small is small?"  f needs a derivative at zero only. *)
Theorem prop_smoothing :
  forall (f : R -> R) (g beta eps : R), convex f -> derivative f 0 g ->
  Rabs g < beta -> 0 < eps ->
  forall w, (forall u, f w + beta * sqrt (w ^ 2 + eps ^ 2) <= f u + beta * sqrt (u ^ 2 + eps ^ 2)) ->
  Rabs w <= eps * Rabs g / sqrt (beta ^ 2 - g ^ 2) /\
  ((forall u, f u = g * u) -> Rabs w = eps * Rabs g / sqrt (beta ^ 2 - g ^ 2)) /\
  (w = 0 -> g = 0).
Proof.
  intros f g beta eps C D Hg He w Hmin.
  assert (G := Rabs_pos g).
  assert (Gsq : g ^ 2 = Rabs g ^ 2) by (rewrite pow2_abs; reflexivity).
  assert (B : 0 < beta ^ 2 - g ^ 2) by (rewrite Gsq; nra).
  set (r := sqrt (beta ^ 2 - g ^ 2)).
  assert (Hr : 0 < r) by now apply sqrt_lt_R0.
  assert (Er : r ^ 2 = beta ^ 2 - g ^ 2) by (apply pow2_sqrt; lra).
  set (q := sqrt (w ^ 2 + eps ^ 2)).
  assert (Hq : 0 < q) by (apply sqrt_lt_R0; nra).
  assert (Eq : q ^ 2 = w ^ 2 + eps ^ 2) by (apply pow2_sqrt; nra).
  assert (Aw : Rabs w ^ 2 = w ^ 2) by apply pow2_abs.
  assert (Pw := Rabs_pos w).
  assert (S := smooth_slope beta eps w He); fold q in S.
  assert (Line := convex_plus_smooth f _ w _ C S Hmin).
  assert (T := tangent f 0 g C D w).
  (* beta |w| <= |g| q *)
  assert (Main : beta * Rabs w <= Rabs g * q).
  { specialize (Line 0).
    assert (K : (beta * (w / q) + g) * w <= 0) by lra.
    destruct (Req_dec w 0) as [-> | Hw]; [rewrite Rabs_R0; nra |].
    assert (Hw' : 0 < Rabs w) by now apply Rabs_pos_lt.
    assert (K' : beta * w ^ 2 <= - g * w * q).
    { apply Rmult_le_compat_r with (r := q) in K; [| lra].
      replace ((beta * (w / q) + g) * w * q) with (beta * w ^ 2 + g * w * q) in K by (field; lra). lra. }
    assert (M := Rle_abs (- (g * w))); rewrite Rabs_Ropp, Rabs_mult in M.
    apply Rmult_le_reg_r with (1 := Hw'); nra. }
  assert (Upper : Rabs w * r <= eps * Rabs g).
  { apply Rsqr_incr_0_var; [| nra].
    unfold Rsqr. assert (beta ^ 2 * w ^ 2 <= g ^ 2 * q ^ 2); [| nra].
    rewrite <- Aw, Gsq. assert (0 <= beta * Rabs w) by nra. nra. }
  split; [| split].
  - apply Rmult_le_reg_r with (1 := Hr).
    replace (eps * Rabs g / r * r) with (eps * Rabs g) by (field; lra). exact Upper.
  - intro Hf.
    assert (Z : beta * (w / q) + g = 0).
    { destruct (Req_dec (beta * (w / q) + g) 0) as [| N]; [assumption | exfalso].
      specialize (Line (w - (beta * (w / q) + g))); rewrite !Hf in Line.
      assert (0 < (beta * (w / q) + g) ^ 2) by (rewrite <- Rsqr_pow2; now apply Rsqr_pos_lt). nra. }
    assert (Z' : beta * w = - g * q).
    { apply Rmult_eq_compat_r with (r := q) in Z.
      replace ((beta * (w / q) + g) * q) with (beta * w + g * q) in Z by (field; lra). lra. }
    apply Rmult_eq_reg_r with r; [| lra].
    replace (eps * Rabs g / r * r) with (eps * Rabs g) by (field; lra).
    apply Rsqr_inj; [nra | nra |]. unfold Rsqr.
    assert (beta ^ 2 * w ^ 2 = g ^ 2 * q ^ 2) by (replace (beta ^ 2 * w ^ 2) with ((beta * w) ^ 2) by ring; rewrite
        Z'; ring).
    replace (Rabs w * r * (Rabs w * r)) with (Rabs w ^ 2 * r ^ 2) by ring.
    replace (eps * Rabs g * (eps * Rabs g)) with (eps ^ 2 * Rabs g ^ 2) by ring.
    rewrite Aw, Er, <- Gsq. nra.
  - intros ->. replace (beta * (0 / q)) with 0 in Line by (field; lra).
    destruct (Req_dec g 0) as [| N]; [assumption | exfalso].
    assert (Hp : 0 < Rabs g) by now apply Rabs_pos_lt.
    (* f has a minimum at 0, so its slope is 0 *)
    assert (O : line_below f 0 (- - 0)).
    { intro u; specialize (Line u); rewrite !Ropp_0 in *; lra. }
    destruct (D (Rabs g) Hp) as [[d Hd] K]; simpl in K.
    destruct (Rle_dec 0 g) as [Hs | Hs].
    + specialize (K (- (d / 2)) ltac:(lra)). rewrite Rabs_left in K by lra.
      specialize (K ltac:(lra)); rewrite Rplus_0_l in K.
      specialize (Line (- (d / 2))); rewrite (Rabs_right g) in K by lra.
      apply Rabs_def2 in K.
      assert (E : f (- (d / 2)) - f 0 = (f (- (d / 2)) - f 0) / - (d / 2) * - (d / 2)) by (field; lra).
      set (k := (f (- (d / 2)) - f 0) / - (d / 2)) in *; nra.
    + specialize (K (d / 2) ltac:(lra)). rewrite Rabs_right in K by lra.
      specialize (K ltac:(lra)); rewrite Rplus_0_l in K.
      specialize (Line (d / 2)); rewrite (Rabs_left g) in K by lra.
      apply Rabs_def2 in K.
      assert (E : f (d / 2) - f 0 = (f (d / 2) - f 0) / (d / 2) * (d / 2)) by (field; lra).
      set (k := (f (d / 2) - f 0) / (d / 2)) in *; nra.
Qed.

(** Near miss: "with equality for every f".  For f(u) = u^2/6 - 4u, beta = 5 and eps = 4 the minimum is at 3, and the
    bound
    is 16/3. *)
Lemma miss_prop_smoothing_equality :
  ~ (forall (f : R -> R) (g beta eps : R), convex f -> derivative f 0 g -> Rabs g < beta -> 0 < eps ->
     forall w, (forall u, f w + beta * sqrt (w ^ 2 + eps ^ 2) <= f u + beta * sqrt (u ^ 2 + eps ^ 2)) ->
     Rabs w = eps * Rabs g / sqrt (beta ^ 2 - g ^ 2)).
Proof.
  intro H.
  assert (S5 : sqrt (3 ^ 2 + 4 ^ 2) = 5) by (replace (3 ^ 2 + 4 ^ 2) with (5 ^ 2) by ring; apply sqrt_pow2; lra).
  assert (S3 : sqrt (5 ^ 2 - (-4) ^ 2) = 3).
  { replace (5 ^ 2 - (-4) ^ 2) with (3 ^ 2) by ring; apply sqrt_pow2; lra. }
  assert (E := H (fun u => u ^ 2 / 6 - 4 * u) (-4) 5 4).
  assert (K : Rabs 3 = 4 * Rabs (-4) / sqrt (5 ^ 2 - (-4) ^ 2)).
  - apply E; try lra.
    + intros x y t Ht; assert (0 <= t * (1 - t) * (x - y) ^ 2); [| nra].
      apply Rmult_le_pos; [apply Rmult_le_pos; lra | apply pow2_ge_0].
    + apply polynomial_slope with 0 (1 / 6); intro; field.
    + rewrite Rabs_left; lra.
    + intro u; cbv beta; rewrite S5.
      assert (P := sqrt_pos (u ^ 2 + 4 ^ 2)); assert (Q := pow2_sqrt (u ^ 2 + 4 ^ 2) ltac:(nra)).
      set (q := sqrt (u ^ 2 + 4 ^ 2)) in *.
      assert (3 * u + 16 <= 5 * q).
      { apply Rnot_lt_le; intro N; assert ((5 * q) ^ 2 < (3 * u + 16) ^ 2) by nra.
        generalize (pow2_ge_0 (4 * u - 12)); nra. }
      generalize (pow2_ge_0 (u - 3)); nra.
  - rewrite S3, Rabs_right, Rabs_left in K by lra; lra.
Qed.

(** * Fixed points *)

(** "Fixed points." *)
Theorem prop_fixed_points :
  forall n (rho : R -> R) (w g d c : vec n), convex rho ->
  (forall i, 0 < d i) -> (forall i, 0 < c i) ->
  ((forall i, is_prox (fun u => c i * rho u) (w i - d i * g i) (w i)) <->
   (forall i, between_slopes (fun u => c i / d i * rho u) (w i) (- g i))) /\
  ((forall i, c i = d i) ->
   ((forall i, is_prox (fun u => c i * rho u) (w i - d i * g i) (w i)) <->
    (forall i, between_slopes rho (w i) (- g i)))).
Proof.
  intros n rho w g d c C Hd Hc.
  assert (K : forall i, is_prox (fun u => c i * rho u) (w i - d i * g i) (w i) <->
                        line_below (fun u => c i / d i * rho u) (w i) (- g i)).
  { intro i; specialize (Hd i); specialize (Hc i).
    rewrite prox_line by (apply convex_scal; auto; lra).
    assert (I : 0 < / d i) by now apply Rinv_0_lt_compat.
    split; intros H u; specialize (H u); unfold Rdiv in *.
    - apply Rmult_le_compat_r with (r := / d i) in H; [| lra].
      replace ((c i * rho (w i) + (w i - d i * g i - w i) * (u - w i)) * / d i)
        with (c i * / d i * rho (w i) + - g i * (u - w i)) in H by (field; lra).
      replace (c i * rho u * / d i) with (c i * / d i * rho u) in H by ring. exact H.
    - apply Rmult_le_reg_r with (/ d i); [lra |].
      replace ((c i * rho (w i) + (w i - d i * g i - w i) * (u - w i)) * / d i)
        with (c i * / d i * rho (w i) + - g i * (u - w i)) by (field; lra).
      replace (c i * rho u * / d i) with (c i * / d i * rho u) by ring. exact H. }
  assert (Q : forall i, 0 <= c i / d i) by (intro i; left; apply Rdiv_lt_0_compat; auto).
  split; [| intro E]; split; intros H i; specialize (H i).
  - apply slopes_line; [now apply convex_scal |]; now apply K.
  - apply K; apply slopes_line; [now apply convex_scal | exact H].
  - apply K in H; apply slopes_line; [exact C |]; intro u; specialize (H u).
    rewrite E in H; unfold Rdiv in H; rewrite Rinv_r in H by (generalize (Hd i); lra). lra.
  - apply K; intro u; rewrite E; unfold Rdiv; rewrite Rinv_r by (generalize (Hd i); lra).
    rewrite !Rmult_1_l; now apply (proj1 (slopes_line rho (w i) (- g i) C)).
Qed.

(** Near miss: "the fixed points are those of the given problem", with c = 2 d.  At w = 0 and g = 2 the step rests,
    and |g| > 1. *)
Lemma miss_prop_fixed_points_other_step :
  ~ (forall n (rho : R -> R) (w g d c : vec n), convex rho -> (forall i, 0 < d i) -> (forall i, 0 < c i) ->
     (forall i, is_prox (fun u => c i * rho u) (w i - d i * g i) (w i)) ->
     forall i, between_slopes rho (w i) (- g i)).
Proof.
  intro H.
  assert (K := H 1%nat Rabs (fun _ => 0) (fun _ => 2) (fun _ => 1) (fun _ => 2) convex_abs).
  assert (B : between_slopes Rabs 0 (-2)).
  - apply K; try (intro; lra); try exact Fin.F1.
    refine (proj2 (proj1 (prop_fixed_points 1 Rabs (fun _ => 0) (fun _ => 2) (fun _ => 1) (fun _ => 2) convex_abs _
        _)) _);
      try (intro; lra).
    intro i; exists (- (2 / 1)), (2 / 1); destruct (slopes_abs (2 / 1)); repeat split; auto; apply le_fin; lra.
  - apply slopes_line in B; [| exact convex_abs]. specialize (B (-1)).
    rewrite Rabs_R0, Rabs_left in B by lra; lra.
Qed.

(** * Identification *)

(** "Identification", for each i with w'_i = 0.  G is the gradient of the loss; that w' is stationary in its other
    weights plays no part. *)
Theorem prop_identification :
  forall n (G : vec n -> vec n) (M : R) (w' : vec n) (beta delta s : R),
  (forall u v, norm (minus (G u) (G v)) <= M * norm (minus u v)) ->
  0 < delta -> 0 < s -> 0 <= beta ->
  (forall i, w' i = 0 -> Rabs (G w' i) <= beta - delta) ->
  (* one step from w with an error e in the gradient *)
  (forall (w e : vec n) i, w' i = 0 ->
     (1 + s * M) * norm (minus w w') + s * Rabs (e i) <= s * delta ->
     is_prox (fun u => s * beta * Rabs u) (w i - s * (G w i + e i)) 0) /\
  (* steps w_0, w_1, ... that converge to w' *)
  (forall w : nat -> vec n,
     (forall k i, is_prox (fun u => s * beta * Rabs u) (w k i - s * G (w k) i) (w (S k) i)) ->
     Un_cv (fun k => norm (minus (w k) w')) 0 ->
     exists K, forall k i, (k >= K)%nat -> w' i = 0 -> w k i = 0).
Proof.
  intros n G M w' beta delta s Lip Hdelta Hs Hb Strict.
  assert (C : convex (fun u => s * beta * Rabs u)).
  { apply convex_scal; [nra |]; intros x y t Ht.
    apply Rle_trans with (1 := Rabs_triang _ _); rewrite !Rabs_mult, (Rabs_right t), (Rabs_right (1 - t)); lra. }
  assert (One : forall (w e : vec n) i, w' i = 0 ->
     (1 + s * M) * norm (minus w w') + s * Rabs (e i) <= s * delta ->
     is_prox (fun u => s * beta * Rabs u) (w i - s * (G w i + e i)) 0).
  { intros w e i Z H; apply prox_line; [exact C |]; intro u; cbv beta; rewrite Rabs_R0.
    assert (A1 := coordinate_le_norm n (minus w w') i).
    assert (A2 := coordinate_le_norm n (minus (G w) (G w')) i).
    assert (A3 := Lip w w'). specialize (Strict i Z).
    unfold minus at 1 in A1; unfold minus at 1 in A2; rewrite Z, Rminus_0_r in A1.
    set (v := w i - s * (G w i + e i)).
    assert (V : Rabs v <= s * beta).
    { replace v with (w i + - s * (G w i - G w' i) + (- s * G w' i + - s * e i)) by (unfold v; ring).
      apply Rle_trans with (1 := Rabs_triang _ _).
      assert (T1 := Rabs_triang (w i) (- s * (G w i - G w' i))).
      assert (T2 := Rabs_triang (- s * G w' i) (- s * e i)).
      rewrite (Rabs_mult (- s)), Rabs_Ropp, (Rabs_right s) in T1 by lra.
      rewrite !(Rabs_mult (- s)), Rabs_Ropp, (Rabs_right s) in T2 by lra.
      nra. }
    assert (K := Rle_abs (v * u)); rewrite Rabs_mult in K.
    assert (Rabs v * Rabs u <= s * beta * Rabs u) by (apply Rmult_le_compat_r; [apply Rabs_pos | lra]).
    lra. }
  split; [exact One |].
  intros w Steps Conv.
  assert (E : exists eps, 0 < eps /\ (1 + s * M) * eps <= s * delta).
  { destruct (Rle_dec (1 + s * M) 0) as [N | P].
    - exists 1; split; [lra | nra].
    - exists (s * delta / (1 + s * M)); split; [apply Rdiv_lt_0_compat; nra | right; field; lra]. }
  destruct E as (eps & He & Heps).
  destruct (Conv eps He) as [K HK].
  exists (S K); intros k i Hk Z; destruct k as [| k]; [inversion Hk |].
  specialize (HK k ltac:(auto with arith)).
  unfold R_dist in HK; rewrite Rminus_0_r in HK.
  assert (Nn : 0 <= norm (minus (w k) w')) by apply sqrt_pos.
  rewrite Rabs_right in HK by lra.
  assert (P := One (w k) (fun _ => 0) i Z); cbv beta in P; rewrite Rplus_0_r, Rabs_R0 in P.
  assert (P' : is_prox (fun u => s * beta * Rabs u) (w k i - s * G (w k) i) 0).
  { apply P. destruct (Rle_dec (1 + s * M) 0); nra. }
  (* the prox is unique *)
  destruct (Req_dec (w (S k) i) 0) as [| N]; [assumption | exfalso].
  assert (Q1 := P' _ N); assert (Q2 := Steps k i 0 (not_eq_sym N)); cbv beta in Q1, Q2; lra.
Qed.

(** Near miss: an i with w'_i <> 0.  (u - 1)^2/2 - beta u is stationary with beta |u| at 1, and stays there. *)
Lemma miss_prop_identification_support :
  forall beta s delta : R, 0 < beta -> 0 < s -> 0 < delta ->
  let G u := u - 1 - beta in        (* the gradient, Lipschitz with M = 1 *)
  between_slopes (fun u => beta * Rabs u) 1 (- G 1) /\
  (1 + s * 1) * Rabs (1 - 1) + s * Rabs 0 <= s * delta /\
  ~ is_prox (fun u => s * beta * Rabs u) (1 - s * (G 1 + 0)) 0.
Proof.
  intros beta s delta Hb Hs Hd G.
  assert (C : forall a, 0 <= a -> convex (fun u => a * Rabs u)).
  { intros a Ha; apply convex_scal; [exact Ha |]; intros x y t Ht.
    apply Rle_trans with (1 := Rabs_triang _ _); rewrite !Rabs_mult, (Rabs_right t), (Rabs_right (1 - t)); lra. }
  repeat split.
  - apply slopes_line; [apply C; lra |]; intro u; unfold G; rewrite Rabs_R1.
    generalize (Rle_abs u); nra.
  - rewrite Rminus_diag_eq, Rabs_R0 by reflexivity; nra.
  - intro P; apply prox_line in P; [| apply C; nra]. specialize (P 1); cbv beta in P.
    unfold G in P; rewrite Rabs_R0, Rabs_R1 in P; nra.
Qed.

(** * Flicker *)

(** "Flicker", part 1: one step keeps zero exactly if |g + e| <= beta, whatever the step s; an error that is small
    enough
    keeps it always. *)
Theorem prop_noise_1 :
  forall g e beta s : R, 0 < s -> 0 <= beta ->
  (is_prox (fun u => s * beta * Rabs u) (0 - s * (g + e)) 0 <-> Rabs (g + e) <= beta) /\
  (Rabs e <= beta - Rabs g -> is_prox (fun u => s * beta * Rabs u) (0 - s * (g + e)) 0).
Proof.
  intros g e beta s Hs Hb.
  assert (C : convex (fun u => s * beta * Rabs u)).
  { apply convex_scal; [nra |]; intros x y t Ht.
    apply Rle_trans with (1 := Rabs_triang _ _); rewrite !Rabs_mult, (Rabs_right t), (Rabs_right (1 - t)); lra. }
  assert (A : is_prox (fun u => s * beta * Rabs u) (0 - s * (g + e)) 0 <-> Rabs (g + e) <= beta).
  { rewrite prox_line by exact C; split.
    - intro H; assert (H1 := H 1); assert (H2 := H (-1)); cbv beta in H1, H2.
      rewrite Rabs_R0, (Rabs_right 1) in H1 by lra; rewrite Rabs_R0, (Rabs_left (-1)) in H2 by lra.
      apply Rabs_le; nra.
    - intros H u; cbv beta; rewrite Rabs_R0.
      assert (M := Rle_abs (- ((g + e) * u))); rewrite Rabs_Ropp, Rabs_mult in M.
      assert (Rabs (g + e) * Rabs u <= beta * Rabs u) by (apply Rmult_le_compat_r; [apply Rabs_pos | lra]).
      nra. }
  split; [exact A |]; intro H; apply A; generalize (Rabs_triang g e); lra.
Qed.

(** A finite law: outcomes with their probabilities. *)
Definition mean {Outcome : Type} (law : list (R * Outcome)) (X : Outcome -> R) : R :=
  fold_right (fun pe s => fst pe * X (snd pe) + s) 0 law.

(** 1 if the step keeps zero, 0 if not. *)
Definition keeps (beta g e : R) : R := if Rle_dec (Rabs (g + e)) beta then 1 else 0.

(** The probability that the zero survives m steps.  A state holds all that the past has left: the weights, the
    optimizer's memory, the number of the step.  [law x] is the law of the errors in state x, [slope x] the slope g_i
        there,
    [part e] the error in g_i, and [next x e] the state after the step. *)
Fixpoint survival {State Error : Type} (slope : State -> R) (part : Error -> R) (next : State -> Error -> State)
    (law : State -> list (R * Error)) (beta : R) (m : nat) (x : State) : R :=
  match m with
  | O => 1
  | S m' => mean (law x) (fun e => keeps beta (slope x) (part e) * survival slope part next law beta m' (next x e))
  end.

Lemma mean_scal : forall (A : Type) (l : list (R * A)) a X, mean l (fun e => X e * a) = mean l X * a.
Proof. induction l as [| [p e] l IH]; intros; simpl; [ring |]. rewrite IH; simpl; ring. Qed.
Lemma mean_ext : forall (A : Type) (l : list (R * A)) X Y, (forall e, X e = Y e) -> mean l X = mean l Y.
Proof. induction l as [| [p e] l IH]; intros X Y H; simpl; [reflexivity |]. now rewrite (IH X Y), H. Qed.

(** Part 2: if, given the past, each step is survived with probability 1 - q, then m steps are with (1 - q)^m. *)
(* Scope: the errors of a step have finitely many values. *)
Theorem prop_noise_2 :
  forall (State Error : Type) (slope : State -> R) (part : Error -> R) (next : State -> Error -> State)
         (law : State -> list (R * Error)) (beta q : R),
  (forall x, mean (law x) (fun e => keeps beta (slope x) (part e)) = 1 - q) ->
  forall m x, survival slope part next law beta m x = (1 - q) ^ m.
Proof.
  intros State Error slope part next law beta q Q; induction m; intro x; simpl; [reflexivity |].
  rewrite (mean_ext _ _ _ (fun e => keeps beta (slope x) (part e) * (1 - q) ^ m)) by (intro; now rewrite IHm).
  now rewrite mean_scal, Q.
Qed.

(** Near miss: "each step is survived with probability 1 - q", without "given the past".  The same error in two steps,
    0 or 2 with probability 1/2 each: both steps are survived with 1/2, not with 1/4. *)
Lemma miss_prop_noise_same_error :
  let law : list (R * (R * R)) := [(1 / 2, (0, 0)); (1 / 2, (2, 2))] in
  mean law (fun _ => 1) = 1 /\
  mean law (fun e => keeps 1 0 (fst e)) = 1 / 2 /\ mean law (fun e => keeps 1 0 (snd e)) = 1 / 2 /\
  mean law (fun e => keeps 1 0 (fst e) * keeps 1 0 (snd e)) = 1 / 2.
Proof.
  assert (K0 : keeps 1 0 0 = 1) by (unfold keeps; rewrite Rplus_0_r, Rabs_R0; destruct (Rle_dec 0 1); lra).
  assert (K2 : keeps 1 0 2 = 0) by (unfold keeps; rewrite Rplus_0_l, Rabs_right by lra; destruct (Rle_dec 2 1); lra).
  intro law; unfold mean, law; simpl; rewrite K0, K2; repeat split; lra.
Qed.
