(** Chapter "Count your zeros". *)
From Coq Require Import List.
Require Import Basics Convexity.
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
    enough keeps it always. *)
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

(** The probability that the zero survives m steps. A state holds all that the past has left: the weights, the
    optimizer's memory, the number of the step. [law x] is the law of the errors in state x, [slope x] the slope g_i
    there, [part e] the error in g_i, and [next x e] the state after the step. *)
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
