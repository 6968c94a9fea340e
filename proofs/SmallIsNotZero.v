(** Appendix "Small is not zero". *)
From Coq Require Import List.
Require Import Basics Convexity NullSets.
Import ListNotations.

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
(* Scope: for each k and i, where a null set stands for “with probability zero”; that a density gives null sets, and
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

(** Near miss: "with equality for every f". For f(u) = u^2/6 - 4u, beta = 5 and eps = 4 the minimum is at 3, and the
    bound is 16/3. *)
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
