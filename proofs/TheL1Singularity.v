(** Chapter "The L1 singularity". *)
Require Import Basics Convexity SecondOrder.

(** * One step to the right, compared with an error that is smaller still *)

(** * One step to the right, compared with an error that is smaller still *)
Lemma between : forall (x : R) (s : Ext), ext_lt x s -> exists a : R, x < a /\ ext_lt a s.
Proof.
  intros x [y | |] H; simpl in H; try easy.
  - exists ((x + y) / 2); simpl; lra.
  - exists (x + 1); simpl; lra.
Qed.

Lemma between' : forall (x : R) (s : Ext), ext_lt s x -> exists a : R, a < x /\ ext_lt s a.
Proof.
  intros x [y | |] H; simpl in H; try easy.
  - exists ((x + y) / 2); simpl; lra.
  - exists (x - 1); simpl; lra.
Qed.

(** the quotients of f and of rho in one neighbourhood *)
Lemma derivative_right : forall f g eps, derivative f 0 g -> 0 < eps ->
  exists d, 0 < d /\ forall h, 0 < h < d ->
    f 0 + (g - eps) * h < f h < f 0 + (g + eps) * h.
Proof.
  intros f g eps Hf He; destruct (Hf eps He) as [[d Hd] H]; simpl in H.
  exists d; split; [exact Hd |]; intros h Hh.
  assert (K : Rabs ((f (0 + h) - f 0) / h - g) < eps) by (apply H; [lra | rewrite Rabs_right; lra]).
  rewrite Rplus_0_l in K; apply Rabs_def2 in K.
  assert (E : f h - f 0 = (f h - f 0) / h * h) by (field; lra).
  set (q := (f h - f 0) / h) in *; nra.
Qed.

Lemma rises_right : forall f rho g r, derivative f 0 g -> slope_right rho 0 r -> ext_lt (ext_opp r) g ->
  exists d, 0 < d /\ forall h, 0 < h < d -> ext_lt (ext_plus (f 0) (rho 0)) (ext_plus (f h) (rho h)).
Proof.
  intros f rho g r Hf (r0 & E & Hr) Hg.
  assert (Hlt : ext_lt (- g) r) by (destruct r; simpl in *; try easy; lra).
  destruct (between _ _ Hlt) as (a & Ha & Har).
  destruct (proj1 (Hr a) Har) as (d1 & Hd1 & H1).
  destruct (derivative_right f g (a + g) Hf) as (d2 & Hd2 & H2); [lra |].
  exists (Rmin d1 d2); split; [now apply Rmin_pos |]; intros h Hh.
  generalize (Rmin_l d1 d2) (Rmin_r d1 d2); intros.
  assert (K1 := H1 h ltac:(lra)); assert (K2 := H2 h ltac:(lra)).
  rewrite Rplus_0_l in K1; rewrite E; unfold quotient in K1.
  destruct (rho h) as [b | |]; simpl in *; try easy.
  - assert (Eb : b - r0 = (b - r0) / h * h) by (field; lra).
    set (q := (b - r0) / h) in *; nra.
  - destruct (Rlt_dec 0 h); simpl in K1; [easy | lra].
Qed.

Lemma falls_right : forall f rho g r, derivative f 0 g -> slope_right rho 0 r -> ext_lt g (ext_opp r) ->
  exists d, 0 < d /\ forall h, 0 < h < d -> ext_lt (ext_plus (f h) (rho h)) (ext_plus (f 0) (rho 0)).
Proof.
  intros f rho g r Hf (r0 & E & Hr) Hg.
  assert (Hlt : ext_lt r (- g)) by (destruct r; simpl in *; try easy; lra).
  destruct (between' _ _ Hlt) as (a & Ha & Har).
  destruct (proj2 (Hr a) Har) as (d1 & Hd1 & H1).
  destruct (derivative_right f g (- a - g) Hf) as (d2 & Hd2 & H2); [lra |].
  exists (Rmin d1 d2); split; [now apply Rmin_pos |]; intros h Hh.
  generalize (Rmin_l d1 d2) (Rmin_r d1 d2); intros.
  assert (K1 := H1 h ltac:(lra)); assert (K2 := H2 h ltac:(lra)).
  rewrite Rplus_0_l in K1; rewrite E; unfold quotient in K1.
  destruct (rho h) as [b | |]; simpl in *; try easy.
  - assert (Eb : b - r0 = (b - r0) / h * h) by (field; lra).
    set (q := (b - r0) / h) in *; nra.
  - destruct (Rlt_dec 0 h); simpl in K1; [easy | lra].
Qed.

(** * The zero interval *)

(** Definition "Kink and zero interval", for a penalty with the slopes l to the left and r to the right of zero.  The
    difference of two slopes +oo, or of two slopes -oo, is not defined: such a penalty has no kink. *)
Definition kink (l r k : Ext) : Prop :=
  match l, r with
  | Real a, Real b => k = Real (b - a)
  | plus_oo, plus_oo | minus_oo, minus_oo => False
  | minus_oo, _ | _, plus_oo => k = plus_oo
  | plus_oo, _ | _, minus_oo => k = minus_oo
  end.
Definition zero_interval (l r : Ext) (g : R) : Prop := (- r <= g)%ext /\ (g <= - l)%ext.
Definition singular (l r : Ext) : Prop := ~ exists g : R, l = g /\ r = g.

(** A set of numbers is an interval of width d: [a, b] with d = b - a, or empty with d = 0. *)
Definition has_width (S : R -> Prop) (d : R) : Prop :=
  exists a b, (forall g, S g <-> a <= g <= b) /\ d = Rmax (b - a) 0.

(** The width of the zero interval is the kink, or zero if the kink is negative. *)
Lemma zero_interval_width : forall l r k : R, kink l r k -> has_width (zero_interval l r) (Rmax k 0).
Proof.
  intros l r k K; injection K as ->; exists (- r), (- l); split.
  - intro g; unfold zero_interval; simpl; now rewrite !le_fin.
  - f_equal; ring.
Qed.

(** A penalty is singular at zero exactly if it has no derivative there. *)
Lemma singular_not_differentiable : forall (rho : R -> R) (l r : Ext),
  slope_left rho 0 l -> slope_right rho 0 r -> (singular l r <-> ~ exists g, derivative rho 0 g).
Proof.
  intros rho l r L R; unfold singular; split; intros N (g & H); apply N; exists g.
  - split; [apply (slope_left_unique rho 0) | apply (slope_right_unique rho 0)]; auto.
    + now apply derivative_slope_left.
    + now apply derivative_slope_right.
  - destruct H as [-> ->]; now apply slopes_derivative.
Qed.

(** Near miss: "every zero interval has the kink as its width".  The kink of -|w| is -2, and its zero interval is
    empty. *)
Lemma miss_def_zero_interval_concave :
  slope_left (fun w => -1 * Rabs w) 0 1 /\ slope_right (fun w => -1 * Rabs w) 0 (-1) /\ kink 1 (-1) (-2) /\
  forall g, ~ zero_interval 1 (-1) g.
Proof.
  destruct (slopes_abs (-1)) as [L R]; replace (- -1) with 1 in L by ring; repeat split; auto.
  - simpl; f_equal; ring.
  - intros g [H1 H2]; simpl in *; apply le_fin in H1; apply le_fin in H2; lra.
Qed.

(** Near miss: "the kink is always defined".  Both slopes of sign(w) sqrt|w| are +oo; its zero interval is empty. *)
Lemma miss_def_zero_interval_undefined :
  slope_left (fun w => sign w * sqrt (Rabs w)) 0 plus_oo /\
  slope_right (fun w => sign w * sqrt (Rabs w)) 0 plus_oo /\
  (forall k, ~ kink plus_oo plus_oo k) /\ (forall g, ~ zero_interval plus_oo plus_oo g).
Proof.
  assert (R0 : slope_right (fun w => sign w * sqrt (Rabs w)) 0 plus_oo).
  { exists 0; split; [rewrite sign_0; f_equal; ring |]; intro a; split; intro Ha; [| destruct Ha].
    exists (/ (a ^ 2 + 1)); split; [apply Rinv_0_lt_compat; nra |]; intros h Hh; simpl.
    rewrite Rplus_0_l, Rminus_0_r, sign_pos, Rmult_1_l, Rabs_right by lra.
    set (q := sqrt h); assert (Hq : 0 < q) by (apply sqrt_lt_R0; lra).
    assert (Eq : q * q = h) by (apply sqrt_sqrt; lra).
    assert (B : h * (a ^ 2 + 1) < 1).
    { apply Rmult_lt_reg_r with (/ (a ^ 2 + 1)); [apply Rinv_0_lt_compat; nra |].
      rewrite Rmult_assoc, Rinv_r by nra. lra. }
    replace (q / h) with (/ q) by (rewrite <- Eq; field; lra).
    apply Rmult_lt_reg_r with q; [lra |]. rewrite Rinv_l by lra.
    apply Rnot_le_lt; intro N; assert (1 * 1 <= (a * q) * (a * q)) by (apply Rmult_le_compat; lra).
    rewrite <- Eq in B; nra. }
  split; [| split; [exact R0 |]].
  2: { split; [intros k K; exact K |]. intros g [_ [H | H]]; [destruct H | discriminate]. }
  apply slope_reflect; rewrite Ropp_0; simpl.
  (* reflected: -sign(u) sqrt|u| has the slope -oo *)
  destruct R0 as (r & E & K); exists (- r); split.
  - rewrite Ropp_0; simpl; f_equal; injection E as <-; rewrite sign_0; ring.
  - intro a; split; intro Ha; [destruct Ha |].
    destruct (proj1 (K (- a)) I) as (d & Hd & Q); exists d; split; auto; intros h Hh.
    specialize (Q h Hh); simpl in *; rewrite Rplus_0_l in *.
    rewrite Rabs_Ropp, sign_neg by lra; rewrite sign_pos in Q by lra.
    replace ((-1 * sqrt (Rabs h) - - r) / h) with (- ((1 * sqrt (Rabs h) - r) / h)) by (field; lra). lra.
Qed.

(** "Zero interval."  The penalty may be +oo away from zero, and its slopes may be infinite. *)
Theorem thm_zero_interval :
  forall (f : R -> R) (rho : R -> Ext) (g : R) (l r : Ext),
  derivative f 0 g -> slope_left rho 0 l -> slope_right rho 0 r ->
  ((- r < g)%ext /\ (g < - l)%ext -> strict_local_min (fun w => f w + rho w)%ext 0) /\
  (~ zero_interval l r g -> ~ local_min (fun w => f w + rho w)%ext 0).
Proof.
  intros f rho g l r Hf Hl Hr; split.
  - intros [Hgr Hgl].
    destruct (rises_right f rho g r Hf Hr Hgr) as (d1 & Hd1 & H1).
    destruct (rises_right _ _ _ _ (derivative_reflect _ _ Hf) (slope_reflect_0 _ _ Hl)) as (d2 & Hd2 & H2).
    { now apply (lt_opp (ext_opp l) g). }
    exists (Rmin d1 d2); split; [now apply Rmin_pos |]; intros y Hy Hd.
    generalize (Rmin_l d1 d2) (Rmin_r d1 d2); intros.
    rewrite Rminus_0_r in Hd.
    destruct (Rlt_dec 0 y) as [Hp | Hn].
    + rewrite Rabs_right in Hd by lra; apply H1; lra.
    + rewrite Rabs_left in Hd by lra.
      specialize (H2 (- y)); rewrite Ropp_involutive, Ropp_0 in H2; apply H2; lra.
  - intros Hout (d & Hd & Hmin).
    assert (C : ext_lt g (ext_opp r) \/ ext_lt (ext_opp l) g).
    { apply NNPP; intro N; apply Hout; split; apply le_not_lt; tauto. }
    destruct C as [C | C].
    + destruct (falls_right f rho g r Hf Hr C) as (d1 & Hd1 & H1).
      assert (Hm : 0 < Rmin d d1) by now apply Rmin_pos.
      generalize (Rmin_l d d1) (Rmin_r d d1); intros.
      specialize (H1 (Rmin d d1 / 2)); specialize (Hmin (Rmin d d1 / 2)).
      rewrite Rminus_0_r, Rabs_right in Hmin by lra.
      apply le_not_lt in Hmin; [apply Hmin, H1 |]; lra.
    + destruct (falls_right _ _ _ _ (derivative_reflect _ _ Hf) (slope_reflect_0 _ _ Hl)) as (d1 & Hd1 & H1).
      { now apply (lt_opp g (ext_opp l)). }
      assert (Hm : 0 < Rmin d d1) by now apply Rmin_pos.
      generalize (Rmin_l d d1) (Rmin_r d d1); intros.
      specialize (H1 (Rmin d d1 / 2)); specialize (Hmin (- (Rmin d d1 / 2))).
      rewrite Rminus_0_r, Rabs_Ropp, Rabs_right in Hmin by lra.
      rewrite Ropp_0 in H1.
      apply le_not_lt in Hmin; [apply Hmin, H1 |]; lra.
Qed.

(** * The L1 inequality *)

(** "The L1 inequality."  beta > 0 is not needed. *)
Theorem thm_l1 :
  forall (f : R -> R) (g beta : R), derivative f 0 g ->
  (Rabs g < beta -> strict_local_min (fun w => f w + beta * Rabs w) 0) /\
  (Rabs g > beta -> ~ local_min (fun w => f w + beta * Rabs w) 0).
Proof.
  intros f g beta Hf; destruct (slopes_abs beta) as [Hl Hr].
  destruct (thm_zero_interval f _ g _ _ Hf Hl Hr) as [Hin Hout].
  split; intro H.
  - apply Hin; simpl; apply Rabs_def2 in H; lra.
  - apply Hout; unfold zero_interval; simpl; rewrite !le_fin; intros [H1 H2].
    assert (Rabs g <= beta) by (apply Rabs_le; lra); lra.
Qed.

(** Near miss: the edge |g| = beta is not enough (example "At the edge the first order does not decide"). *)
Lemma miss_thm_l1_edge :
  ~ (forall (f : R -> R) (g beta : R), derivative f 0 g -> 0 < beta ->
     Rabs g <= beta -> local_min (fun w => f w + beta * Rabs w) 0).
Proof.
  intro H.
  destruct (H (fun w => -1 * w - w ^ 2) (-1) 1) as (d & Hd & K).
  - intros e He; exists (mkposreal e He); intros h Hh Hhe; simpl in Hhe.
    replace ((-1 * (0 + h) - (0 + h) ^ 2 - (-1 * 0 - 0 ^ 2)) / h - -1) with (- h) by (field; lra).
    now rewrite Rabs_Ropp.
  - lra.
  - rewrite Rabs_left; lra.
  - specialize (K (d / 2)); rewrite Rminus_0_r, Rabs_right in K by lra.
    specialize (K ltac:(lra)); apply le_fin in K; cbv beta in K; rewrite Rabs_R0 in K; nra.
Qed.

(** Near miss: the same for the zero interval, closed instead of open. *)
Lemma miss_thm_zero_interval_edge :
  ~ (forall (f : R -> R) (rho : R -> Ext) (g : R) (l r : Ext),
     derivative f 0 g -> slope_left rho 0 l -> slope_right rho 0 r ->
     zero_interval l r g -> local_min (fun w => f w + rho w)%ext 0).
Proof.
  intro H; apply miss_thm_l1_edge; intros f g beta D Hb Hg.
  destruct (slopes_abs beta) as [L R].
  apply (H f (fun w => beta * Rabs w) g (- beta) beta); auto.
  generalize (abs_between g); split; simpl; apply le_fin; lra.
Qed.

(** * Soft thresholding *)

(** "Soft thresholding." *)
Theorem prop_soft :
  forall g beta : R, 0 <= beta ->
  unique_min (fun w => g * w + w ^ 2 / 2 + beta * Rabs w)
             (- sign g * Rmax (Rabs g - beta) 0).
Proof.
  intros g beta Hb y Hy; set (w := - sign g * Rmax (Rabs g - beta) 0) in *.
  assert (Ay : - Rabs y <= y <= Rabs y) by (split; [generalize (Rle_abs (- y)); rewrite Rabs_Ropp; lra | apply
      Rle_abs]).
  assert (C : (Rabs g <= beta /\ w = 0) \/ (g > beta /\ w = beta - g) \/ (g < - beta /\ w = - beta - g)).
  { unfold w, sign; destruct (Rle_dec (Rabs g) beta) as [H | H].
    - left; split; auto; rewrite Rmax_right by lra; ring.
    - right; rewrite Rmax_left by lra; revert H; unfold Rabs; destruct (Rcase_abs g); intro H.
      + right; destruct (Rlt_dec 0 g); [lra |]; destruct (Rlt_dec g 0); lra.
      + left; destruct (Rlt_dec 0 g); lra. }
  assert (Sq : 0 < (y - w) ^ 2) by (assert (y - w <> 0) by lra; rewrite <- Rsqr_pow2; now apply Rsqr_pos_lt).
  destruct C as [[H E] | [[H E] | [H E]]]; rewrite E in *.
  - rewrite Rabs_R0; assert (K := Rle_abs (- (g * y))); rewrite Rabs_Ropp, Rabs_mult in K.
    assert (0 <= Rabs y) by apply Rabs_pos; nra.
  - rewrite (Rabs_left (beta - g)) by lra; nra.
  - rewrite (Rabs_right (- beta - g)) by lra; nra.
Qed.

(** Near miss: a negative strength.  w^2/2 - |w| is lower at 1 than at 0. *)
Lemma miss_prop_soft_negative :
  ~ (forall g beta : R,
     unique_min (fun w => g * w + w ^ 2 / 2 + beta * Rabs w) (- sign g * Rmax (Rabs g - beta) 0)).
Proof.
  intro H; specialize (H 0 (-1) 1); rewrite sign_0 in H; cbv beta in H.
  replace (-0 * Rmax (Rabs 0 - -1) 0) with 0 in H by ring; rewrite Rabs_R0, Rabs_R1 in H; lra.
Qed.

(** * The edge *)

(** Example "At the edge the first order does not decide". *)
Theorem exa_edge : forall beta c : R, 0 < beta ->
  let F w := (- beta * w + c * w ^ 2) + beta * Rabs w in
  (forall h, h > 0 -> F h = c * h ^ 2) /\
  (forall h, h < 0 -> F h = 2 * beta * Rabs h + c * h ^ 2) /\
  (c >= 0 -> local_min F 0) /\ (c > 0 -> strict_local_min F 0) /\ (c < 0 -> ~ local_min F 0).
Proof.
  intros beta c Hb F.
  assert (Fp : forall h, h > 0 -> F h = c * h ^ 2) by (intros h H; unfold F; rewrite Rabs_right by lra; ring).
  assert (Fm : forall h, h < 0 -> F h = 2 * beta * Rabs h + c * h ^ 2) by (intros h H; unfold F; rewrite Rabs_left by
      lra; ring).
  assert (F0 : F 0 = 0) by (unfold F; rewrite Rabs_R0; ring).
  repeat split; auto.
  - intro Hc; exists 1; split; [lra |]; intros y _; apply le_fin; rewrite F0.
    assert (0 <= c * y ^ 2) by (apply Rmult_le_pos; [lra | apply pow2_ge_0]).
    destruct (Rtotal_order y 0) as [N | [-> | P]]; [rewrite Fm by lra | rewrite F0; lra | rewrite Fp by lra; lra].
    generalize (Rabs_pos y); nra.
  - intro Hc; exists 1; split; [lra |]; intros y Hy _; simpl; rewrite F0.
    assert (0 < c * y ^ 2) by (apply Rmult_lt_0_compat; [lra |]; rewrite <- Rsqr_pow2; now apply Rsqr_pos_lt).
    destruct (Rdichotomy y 0 Hy) as [N | P]; [rewrite Fm by lra | rewrite Fp by lra; lra].
    generalize (Rabs_pos y); nra.
  - intros Hc (d & Hd & H). specialize (H (d / 2)); rewrite Rminus_0_r, Rabs_right in H by lra.
    specialize (H ltac:(lra)); apply le_fin in H; rewrite F0, Fp in H by lra.
    assert (0 < (d / 2) ^ 2) by nra. nra.
Qed.

(** * One coordinate, or all together? *)

(** "From coordinates to the joint minimum", part 1: w is a global minimum exactly if each coordinate alone is at its
    minimum, and exactly if -g_i lies between the slopes of the penalty at w_i for each i.  (At w_i = 0 this says that
    g_i lies in the zero interval.)  The penalty has values in (-oo, oo] and is finite at each w_i.  That L has partial
    derivatives at w is enough. *)
Theorem thm_joint_1 :
  forall n (L : vec n -> R) (rho : R -> Ext) (w g : vec n),
  convex_n L -> (forall i, partial L i w (g i)) -> convex_ext rho -> (forall i, exists r : R, rho (w i) = r) ->
  let F u := (L u + ext_sum (fun j => rho (u j)))%ext in
  (global_min_ext F w <-> (forall i h, (F w <= F (step w i h))%ext)) /\
  (global_min_ext F w <-> (forall i, between_slopes rho (w i) (- g i))).
Proof.
  intros n L rho w g CL D Cr Fin F.
  destruct (all_real n (fun j => rho (w j)) Fin) as [b Hb].
  assert (Fw : F w = L w + sum b) by (unfold F; now rewrite (ext_sum_real n _ b Hb)).
  assert (AB : global_min_ext F w -> forall i h, (F w <= F (step w i h))%ext) by (intros M i h; apply M).
  assert (BC : (forall i h, (F w <= F (step w i h))%ext) -> forall i, between_slopes rho (w i) (- g i)).
  { intros B i; apply ext_slopes_line; [exact Cr | apply Fin |].
    assert (Sh : convex_ext (fun h => rho (w i + h))).
    { split; [intro; apply Cr |]; intros x y c d t Ht Hc Hd.
      replace (w i + (t * x + (1 - t) * y)) with (t * (w i + x) + (1 - t) * (w i + y)) by ring; now apply Cr. }
    destruct (ext_min_line _ Sh (fun h => L (step w i h)) (g i) (b i) (D i)) as (r & Er & Line).
    - rewrite Rplus_0_r; apply Hb.
    - intro h; rewrite step_0, Rplus_0_r, Hb.
      destruct (rho (w i + h)) as [a | |] eqn:Ea; [| now left | now apply Cr in Ea].
      assert (K := B i h); rewrite Fw in K; unfold F in K.
      set (b' := fun j => if Fin.eq_dec j i then a else b j).
      assert (Hb' : forall j, rho (step w i h j) = b' j).
      { intro j; unfold b', step; destruct (Fin.eq_dec j i) as [-> | N]; [exact Ea | apply Hb]. }
      rewrite (ext_sum_real n _ b' Hb') in K; apply le_fin in K.
      assert (Bi : b' i = a) by (unfold b'; destruct (Fin.eq_dec i i); congruence).
      assert (S : sum b' - sum b = a - b i).
      { rewrite <- Bi; apply sum_one; intros j Hj; unfold b'; destruct (Fin.eq_dec j i); congruence. }
      apply le_fin; lra.
    - rewrite Rplus_0_r in Er; exists r; split; [exact Er |]; intro u.
      specialize (Line (u - w i)); replace (w i + (u - w i)) with u in Line by ring.
      now rewrite Rminus_0_r in Line. }
  assert (CA : (forall i, between_slopes rho (w i) (- g i)) -> global_min_ext F w).
  { intros H u; rewrite Fw; unfold F.
    destruct (all_real_or_infinite n (fun j => rho (u j))) as [[c Hc] | I]; [intro; apply Cr | |].
    - rewrite (ext_sum_real n _ c Hc); apply le_fin.
      assert (K := gradient_inequality n L w g CL D u).
      assert (M : sum (fun j => b j + - 1 * (g j * (u j - w j))) <= sum c).
      { apply sum_le; intro j; destruct (proj1 (ext_slopes_line rho _ _ Cr (Fin j)) (H j)) as (r & Er & Line).
        specialize (Line (u j)); rewrite Hc in Line; rewrite Hb in Er; injection Er as <-; apply le_fin in Line; lra. }
      rewrite sum_plus, sum_scal in M; lra.
    - rewrite ext_sum_infinite; [now left | intro; apply Cr | exact I]. }
  tauto.
Qed.

(** At w_i = 0, "between the slopes" is "in the zero interval". *)
Lemma between_slopes_zero_interval : forall (rho : R -> Ext) (l r : Ext) (g : R),
  slope_left rho 0 l -> slope_right rho 0 r -> (between_slopes rho 0 (- g) <-> zero_interval l r g).
Proof.
  intros rho l r g L R; unfold between_slopes, zero_interval.
  assert (E : forall s : Ext, ((s <= - g)%ext <-> (g <= - s)%ext) /\ ((- g <= s)%ext <-> (- s <= g)%ext)).
  { intro s; rewrite !le_not_lt; destruct s; simpl; split; split; intros; lra || tauto. }
  split.
  - intros (l' & r' & L' & R' & A & B).
    rewrite (slope_left_unique rho 0 l l'), (slope_right_unique rho 0 r r') by auto; split; apply E; auto.
  - intros [A B]; exists l, r; repeat split; auto; apply E; auto.
Qed.

(** Near miss: a point w at which the penalty is +oo.  Here rho is 0 at 0 and +oo elsewhere:
    at w = (1, 1) no single coordinate improves, and (0, 0) is better. *)
Definition only_zero (x : R) : Ext := if Req_EM_T x 0 then Real 0 else plus_oo.
Definition sum_of_two (x y : Ext) : Ext := match x with Real a => ext_plus a y | _ => x end.
Lemma miss_thm_joint_1_infeasible :
  let F u v := sum_of_two (only_zero u) (only_zero v) in
  (forall h, (F 1 1 <= F (1 + h)%R 1)%ext) /\ (forall h, (F 1 1 <= F 1 (1 + h)%R)%ext) /\ (F 0 0 < F 1 1)%ext.
Proof.
  unfold only_zero; simpl; repeat split; try intro h;
    destruct (Req_EM_T 1 0); try lra; try (destruct (Req_EM_T 0 0); [| lra]); simpl; auto;
    try (destruct (Req_EM_T (1 + h) 0)); simpl; now right.
Qed.

(** Part 2: strictness off the support, stationarity and a positive definite Hessian on it are sufficient for a strict
    local minimum. An empty support, or an empty complement, is allowed. G is the gradient of L near w, and H, the
    Hessian of L at w, is its derivative there. *)
Theorem thm_joint_2 :
  forall n (L : vec n -> R) (G : vec n -> vec n) (H : matrix n n) (w : vec n) (beta : R),
  (exists e, 0 < e /\ forall u, near e w u -> forall i, partial L i u (G u i)) -> derivative_n G w H ->
  (forall i, w i = 0 -> Rabs (G w i) < beta) ->
  (forall i, w i <> 0 -> G w i + beta * sign (w i) = 0) ->
  (forall d : vec n, (forall i, w i = 0 -> d i = 0) -> (exists i, d i <> 0) -> 0 < quadratic_form H d) ->
  strict_local_min_n (fun u => L u + sum (fun j => beta * Rabs (u j))) w.
Proof.
  intros n L G H w beta (e0 & He0 & D1') D2 Zero Supp PD.
  set (F u := L u + sum (fun j => beta * Rabs (u j))); change (strict_local_min_n F w).
  assert (D1 : forall u i, near e0 w u -> partial L i u (G u i)) by auto.
  set (on i := if Req_EM_T (w i) 0 then false else true).
  destruct (positive_definite n H on) as (mu & Hmu & PDmu).
  { intros d Z; apply PD; intros i Hi; apply Z; unfold on; destruct (Req_EM_T (w i) 0); congruence. }
  destruct (least n (fun i => if Req_EM_T (w i) 0 then beta - Rabs (G w i) else 1)) as (delta & Hdelta & Ldelta).
  { intro i; destruct (Req_EM_T (w i) 0) as [E | E]; [specialize (Zero i E) |]; lra. }
  destruct (least n (fun i => if Req_EM_T (w i) 0 then 1 else Rabs (w i))) as (omega & Homega & Lomega).
  { intro i; destruct (Req_EM_T (w i) 0) as [E | E]; [lra | now apply Rabs_pos_lt]. }
  set (C := sum (fun i => sum (fun j => Rabs (H i j)))).
  assert (HC : forall i j, Rabs (H i j) <= C).
  { intros i j; apply Rle_trans with (sum (fun j => Rabs (H i j))).
    - apply (term_le_sum n (fun j => Rabs (H i j))); intro; apply Rabs_pos.
    - apply (term_le_sum n (fun i => sum (fun j => Rabs (H i j)))); intro; apply sum_nonneg; intro; apply Rabs_pos. }
  assert (PC : 0 <= C) by (apply sum_nonneg; intro; apply sum_nonneg; intro; apply Rabs_pos).
  assert (PN : 0 <= INR n) by apply pos_INR.
  set (eta := mu / (8 * (INR n + 1))).
  assert (Heta : 0 < eta) by (apply Rdiv_lt_0_compat; lra).
  assert (Eeta : 8 * (INR n + 1) * eta = mu) by (unfold eta; field; lra).
  destruct (taylor n L G H w e0 He0 D1 D2 eta Heta) as (e1 & He1 & Taylor).
  set (e2 := delta / (2 * (C + 2 * eta) * (INR n + 1))).
  assert (He2 : 0 < e2) by (apply Rdiv_lt_0_compat; [| repeat apply Rmult_lt_0_compat]; lra).
  assert (Ee2 : (C + 2 * eta) * ((INR n + 1) * e2) = delta / 2) by (unfold e2; field; lra).
  exists (Rmin e1 (Rmin e2 omega)); split; [repeat apply Rmin_pos; auto |]; intros u Hu Hne.
  generalize (Rmin_l e1 (Rmin e2 omega)) (Rmin_r e1 (Rmin e2 omega)) (Rmin_l e2 omega) (Rmin_r e2 omega); intros M1 M2
      M3 M4.
  set (d := fun j => u j - w j).
  assert (Ed : u = add w d) by (apply functional_extensionality; intro; unfold add, d; ring).
  assert (Hd : forall j, Rabs (d j) < Rmin e1 (Rmin e2 omega)) by exact Hu.
  set (s := fun j => if Req_EM_T (w j) 0 then 0 else d j).
  set (t := fun j => if Req_EM_T (w j) 0 then d j else 0).
  assert (Est : forall j, d j = s j + t j) by (intro j; unfold s, t; destruct (Req_EM_T (w j) 0); ring).
  (* sizes *)
  set (T := l1 t). set (D := l1 d). set (S := l1 s). set (N2 := sum (fun j => s j ^ 2)).
  assert (PT : 0 <= T) by (apply sum_nonneg; intro; apply Rabs_pos).
  assert (PS : 0 <= S) by (apply sum_nonneg; intro; apply Rabs_pos).
  assert (PN2 : 0 <= N2) by (apply sum_nonneg; intro; apply pow2_ge_0).
  assert (ED : D = S + T).
  { unfold D, S, T, l1; rewrite <- sum_plus; apply sum_ext; intro j; unfold s, t.
    destruct (Req_EM_T (w j) 0); rewrite Rabs_R0; ring. }
  assert (LD : D <= (INR n + 1) * e2).
  { apply Rle_trans with (INR n * e2); [| lra]. rewrite <- sum_const; apply sum_le; intro j.
    generalize (Hd j); lra. }
  assert (LS : S ^ 2 <= INR n * N2).
  { assert (K := cauchy_schwarz n (fun _ => 1) (fun j => Rabs (s j))); cbv beta in K.
    rewrite (sum_ext _ (fun j => 1 * Rabs (s j)) (fun j => Rabs (s j))) in K by (intro; ring).
    rewrite (sum_ext _ (fun j => Rabs (s j) ^ 2) (fun j => s j ^ 2)) in K by (intro; apply pow2_abs).
    rewrite sum_const in K. unfold S, N2, l1. lra. }
  (* the quadratic part *)
  assert (Quad : quadratic_form H d >= mu * N2 - 2 * C * T * D).
  { assert (E : quadratic_form H d = quadratic_form H s + sum (fun i => t i * sum (fun j => H i j * d j))
                               + sum (fun i => s i * sum (fun j => H i j * t j))).
    { unfold quadratic_form; rewrite <- !sum_plus; apply sum_ext; intro i.
      rewrite (sum_ext _ (fun j => H i j * d j) (fun j => H i j * s j + H i j * t j))
        by (intro j; rewrite (Est j); ring).
      rewrite sum_plus, (Est i); ring. }
    assert (B1 := bilinear_bound n H C t d HC); assert (B2 := bilinear_bound n H C s t HC).
    fold T D S in B1, B2.
    assert (B3 : C * S * T <= C * T * D) by (rewrite ED; assert (0 <= C * T) by nra; nra).
    assert (P := PDmu s); fold N2 in P.
    assert (P' : mu * N2 <= quadratic_form H s).
    { apply P; intros i Hi; unfold on in Hi; unfold s; destruct (Req_EM_T (w i) 0); congruence. }
    set (b1 := sum (fun i => t i * sum (fun j => H i j * d j))) in *.
    set (b2 := sum (fun i => s i * sum (fun j => H i j * t j))) in *.
    generalize (Rle_abs (- b1)) (Rle_abs (- b2)); rewrite !Rabs_Ropp; intros; lra. }
  (* the first-order part *)
  assert (First : sum (fun j => delta * Rabs (t j)) <=
                  sum (fun j => G w j * d j + (beta * Rabs (u j) + -1 * (beta * Rabs (w j))))).
  { apply sum_le; intro j; specialize (Ldelta j); specialize (Lomega j); specialize (Hd j).
    unfold t; replace (u j) with (w j + d j) by (unfold d; ring).
    destruct (Req_EM_T (w j) 0) as [E | E].
    - rewrite E, Rplus_0_l, Rabs_R0.
      assert (K := Rle_abs (- (G w j * d j))); rewrite Rabs_Ropp, Rabs_mult in K.
      assert (0 <= Rabs (d j)) by apply Rabs_pos; nra.
    - rewrite Rabs_R0; specialize (Supp j E).
      destruct (Rdichotomy _ _ E) as [N | P].
      + rewrite sign_neg in Supp by lra; rewrite (Rabs_left (w j)) in * by lra.
        assert (w j + d j < 0) by (generalize (Rle_abs (d j)); lra).
        rewrite (Rabs_left (w j + d j)) by lra. replace (G w j) with beta by lra. lra.
      + rewrite sign_pos in Supp by lra; rewrite (Rabs_right (w j)) in * by lra.
        assert (0 < w j + d j) by (generalize (Rle_abs (- d j)); rewrite Rabs_Ropp; lra).
        rewrite (Rabs_right (w j + d j)) by lra. replace (G w j) with (- beta) by lra. lra. }
  rewrite (sum_scal n delta), !sum_plus, (sum_scal n (-1)) in First.
  change (sum (fun j => Rabs (t j))) with T in First.
  assert (Ty : forall j, Rabs (d j) < e1) by (intro j; generalize (Hd j); lra).
  assert (TL := Taylor d Ty); rewrite <- Ed in TL; fold D in TL.
  set (l := L u - L w - sum (fun j => G w j * d j) - / 2 * quadratic_form H d) in *.
  assert (TL' := Rle_abs (- l)); rewrite Rabs_Ropp in TL'.
  (* positive *)
  assert (Pos : 0 < delta / 2 * T + mu / 4 * N2).
  { assert (Hj : exists j, d j <> 0).
    { apply NNPP; intro Nn; apply Hne; apply functional_extensionality; intro j.
      apply NNPP; intro Nj; apply Nn; exists j; unfold d; lra. }
    destruct Hj as [j Hj]; destruct (Req_EM_T (w j) 0) as [E | E].
    - assert (K := term_le_sum n (fun j => Rabs (t j)) (fun j => Rabs_pos _) j); cbv beta in K.
      fold (l1 t) in K; fold T in K; unfold t in K.
      destruct (Req_EM_T (w j) 0); [| lra]. assert (0 < Rabs (d j)) by now apply Rabs_pos_lt. nra.
    - assert (K := term_le_sum n (fun j => s j ^ 2) (fun j => pow2_ge_0 _) j); cbv beta in K.
      fold N2 in K; unfold s in K.
      destruct (Req_EM_T (w j) 0); [lra |].
      assert (0 < d j ^ 2) by (rewrite <- Rsqr_pow2; now apply Rsqr_pos_lt). nra. }
  assert (B1 : (C + 2 * eta) * D <= delta / 2).
  { rewrite <- Ee2; apply Rmult_le_compat_l; lra. }
  assert (B2 : eta * D * D <= mu / 4 * N2 + 2 * eta * D * T).
  { assert (D * D <= 2 * (INR n * N2) + 2 * D * T).
    { rewrite ED in *; assert (0 <= S * T) by nra. assert (0 <= T * T) by nra.
      generalize (pow2_ge_0 (S - T)); nra. }
    assert (eta * (2 * (INR n * N2)) <= mu / 4 * N2).
    { replace (mu / 4) with (2 * (INR n + 1) * eta) by lra. assert (0 <= eta * N2) by nra. nra. }
    nra. }
  assert (B3 : ((C + 2 * eta) * D) * T <= delta / 2 * T) by (apply Rmult_le_compat_r; lra).
  change (F w < F u); unfold F; cbv beta in First. unfold l in TL, TL'. lra.
Qed.

(** Near miss: without the Hessian.  L(u) = -(u - 1)^2 - (u - 1) with beta = 1 is stationary at 1, and falls from
    there. *)
Lemma miss_thm_joint_2_concave :
  ~ (forall n (L : vec n -> R) (G : vec n -> vec n) (H : matrix n n) (w : vec n) (beta : R),
     (exists e, 0 < e /\ forall u, near e w u -> forall i, partial L i u (G u i)) -> derivative_n G w H ->
     (forall i, w i = 0 -> Rabs (G w i) < beta) ->
     (forall i, w i <> 0 -> G w i + beta * sign (w i) = 0) ->
     strict_local_min_n (fun u => L u + sum (fun j => beta * Rabs (u j))) w).
Proof.
  intro N.
  assert (One : forall i : Fin.t 1, i = Fin.F1).
  { intro i; pattern i; apply Fin.caseS'; [reflexivity |]; intro j; inversion j. }
  destruct (N 1%nat (fun u => - (u Fin.F1 - 1) ^ 2 - (u Fin.F1 - 1)) (fun u _ => - 2 * (u Fin.F1 - 1) - 1)
              (fun _ _ => - 2) (fun _ => 1) 1) as (e & He & K).
  - exists 1; split; [lra |]; intros u _ i; rewrite (One i).
    apply polynomial_slope with (- (u Fin.F1 - 1) ^ 2 - (u Fin.F1 - 1)) (-1); intro h; rewrite step_same; ring.
  - intros eps He; exists 1; split; [lra |]; intros u _; unfold norm at 1.
    rewrite (sum_ext _ _ (fun _ => 0)), sum_zero, sqrt_0.
    + apply Rmult_le_pos; [lra | apply sqrt_pos].
    + intro j; unfold minus, times, dot; simpl; ring.
  - intros i Hi; lra.
  - intros i _; rewrite sign_pos; lra.
  - set (h := Rmin e 1 / 2).
    assert (Hh : 0 < h < e /\ h < 1) by (unfold h; generalize (Rmin_l e 1) (Rmin_r e 1) (Rmin_pos e 1); lra).
    specialize (K (fun _ => 1 + h)).
    assert (L : (- (1 - 1) ^ 2 - (1 - 1)) + (1 * Rabs 1 + 0) <
                (- (1 + h - 1) ^ 2 - (1 + h - 1)) + (1 * Rabs (1 + h) + 0)).
    { apply K; [intro j; rewrite Rabs_right; lra |].
      intro E; assert (E' := f_equal (fun v : vec 1 => v Fin.F1) E); simpl in E'; lra. }
    rewrite Rabs_R1, Rabs_right in L by lra; nra.
Qed.

(** * Examples *)

(** Example "Each coordinate alone is not enough", a saddle. *)
Theorem exa_joint_1 : forall beta : R, 0 < beta ->
  let F w1 w2 := let a := w1 - 1 in let b := w2 - 1 in
    (a ^ 2 + b ^ 2) / 2 + 2 * a * b - beta * (a + b) + beta * (Rabs w1 + Rabs w2) in
  unique_min (fun w1 => F w1 1) 1 /\ unique_min (fun w2 => F 1 w2) 1 /\
  (forall h, 0 < h < 1 -> F (1 + h) (1 - h) < F 1 1).
Proof.
  intros beta Hb F; unfold unique_min, F; repeat split.
  - intros y Hy; rewrite Rabs_R1. assert (0 < (y - 1) ^ 2) by (assert (y - 1 <> 0) by lra; rewrite <- Rsqr_pow2; now
      apply Rsqr_pos_lt).
    generalize (Rle_abs y); nra.
  - intros y Hy; rewrite Rabs_R1. assert (0 < (y - 1) ^ 2) by (assert (y - 1 <> 0) by lra; rewrite <- Rsqr_pow2; now
      apply Rsqr_pos_lt).
    generalize (Rle_abs y); nra.
  - intros h Hh; rewrite Rabs_R1, !Rabs_right by lra; nra.
Qed.

(** Local, not global. *)
Theorem exa_joint_2 :
  let F w1 w2 := (w1 * w2 - 1) ^ 2 + 1 / 4 * (Rabs w1 + Rabs w2) in
  unique_min (fun w1 => F w1 0) 0 /\ unique_min (fun w2 => F 0 w2) 0 /\
  (exists d, 0 < d /\ forall u v, Rabs u < d -> Rabs v < d -> (u, v) <> (0, 0) -> F 0 0 < F u v) /\
  F 1 1 < F 0 0.
Proof.
  intro F; unfold unique_min, F; repeat split.
  - intros y Hy; assert (0 < Rabs y) by now apply Rabs_pos_lt. rewrite Rabs_R0; nra.
  - intros y Hy; assert (0 < Rabs y) by now apply Rabs_pos_lt. rewrite Rabs_R0; nra.
  - exists (1 / 16); split; [lra |]; intros u v Hu Hv Hne; rewrite Rabs_R0.
    assert (Pu := Rabs_pos u); assert (Pv := Rabs_pos v).
    assert (K := Rle_abs (u * v)); rewrite Rabs_mult in K.
    assert (0 < Rabs u + Rabs v).
    { destruct (Req_dec u 0) as [-> | N]; [destruct (Req_dec v 0) as [-> | N] |].
      - now destruct Hne.
      - assert (0 < Rabs v) by now apply Rabs_pos_lt. lra.
      - assert (0 < Rabs u) by now apply Rabs_pos_lt. lra. }
    assert (Rabs u * Rabs v <= 1 / 16 * Rabs v) by (apply Rmult_le_compat_r; lra).
    generalize (pow2_ge_0 (u * v)); nra.
  - rewrite Rabs_R1, Rabs_R0; lra.
Qed.

(** Convex, but not separable: strict minima along both axes, and lower along a = b. *)
Theorem exa_joint_3 :
  let F a b := 2 * Rabs (a - b) - a - b + (Rabs a + Rabs b) / 2 in
  unique_min (fun a => F a 0) 0 /\ unique_min (fun b => F 0 b) 0 /\
  (forall a, 0 < a -> F a a < F 0 0) /\
  (forall a b a' b' t, 0 <= t <= 1 ->
     F (t * a + (1 - t) * a') (t * b + (1 - t) * b') <= t * F a b + (1 - t) * F a' b').
Proof.
  intro F; unfold unique_min, F; repeat split.
  - intros a Ha; rewrite !Rminus_0_r, Rabs_R0; apply Rabs_pos_lt in Ha; generalize (abs_between a); lra.
  - intros b Hb; rewrite (Rminus_0_l b), Rabs_Ropp, (Rminus_diag_eq 0 0), Rabs_R0 by reflexivity; apply Rabs_pos_lt in
      Hb.
    generalize (abs_between b); lra.
  - intros a Ha; rewrite (Rminus_diag_eq a a), (Rminus_diag_eq 0 0), Rabs_R0, (Rabs_right a) by lra; lra.
  - intros a b a' b' t Ht.
    assert (C1 := convex_abs a a' t Ht); assert (C2 := convex_abs b b' t Ht).
    assert (C3 := convex_abs (a - b) (a' - b') t Ht).
    replace (t * a + (1 - t) * a' - (t * b + (1 - t) * b')) with (t * (a - b) + (1 - t) * (a' - b')) by ring.
    lra.
Qed.

(** * All solutions at once *)

(** Strictly between its slopes, a convex penalty lies strictly above the line. *)
Lemma strictly_above : forall (rho : R -> Ext) (g r0 : R) (l r : Ext), convex_ext rho -> rho 0 = r0 ->
  slope_left rho 0 l -> slope_right rho 0 r -> (- r < g)%ext -> (g < - l)%ext ->
  forall u (b : R), u <> 0 -> rho u = b -> r0 + - g * u < b.
Proof.
  intros rho g r0 l r C E0 SL SR Hr Hl u b Hu Eb.
  assert (Hr' : (- g < r)%ext) by (destruct r; simpl in *; lra || tauto).
  assert (Hl' : (l < - g)%ext) by (destruct l; simpl in *; lra || tauto).
  assert (Line : forall a : R, (l <= a)%ext -> (a <= r)%ext -> r0 + a * u <= b).
  { intros a A B.
    destruct (proj1 (ext_slopes_line rho 0 a C (ex_intro _ r0 E0))) as (r1 & E1 & K); [exists l, r; auto |].
    rewrite E0 in E1; injection E1 as <-; specialize (K u); rewrite Eb, Rminus_0_r in K; now apply le_fin in K. }
  destruct (Rdichotomy u 0 Hu) as [N | P].
  - destruct (between' _ _ Hl') as (a & A & B).
    assert (r0 + a * u <= b); [| nra].
    apply Line; [now left |]. destruct r; simpl in *; [apply le_fin; lra | now left | tauto].
  - destruct (between _ _ Hr') as (a & A & B).
    assert (r0 + a * u <= b); [| nra].
    apply Line; [| now left]. destruct l; simpl in *; [apply le_fin; lra | tauto | now left].
Qed.

(** "A certified zero is a zero of every solution." The loss and the penalty are convex, the penalty with values in
    (-oo, oo]; w and w' are two global minima, at which it is finite. Then the gradient of the loss is the same at
    both, and a zero of w with its slope strictly inside the zero interval is a zero of w'. *)
Theorem thm_every_solution :
  forall n (L : vec n -> R) (rho : R -> Ext) (w w' g g' : vec n),
  convex_n L -> convex_ext rho ->
  (forall i, partial L i w (g i)) -> (forall i, partial L i w' (g' i)) ->
  (forall i, exists r : R, rho (w i) = r) -> (forall i, exists r : R, rho (w' i) = r) ->
  let F u := (L u + ext_sum (fun j => rho (u j)))%ext in
  global_min_ext F w -> global_min_ext F w' ->
  (forall i, g' i = g i) /\
  (forall i l r, slope_left rho 0 l -> slope_right rho 0 r -> w i = 0 ->
     (- r < g i)%ext /\ (g i < - l)%ext -> w' i = 0).
Proof.
  intros n L rho w w' g g' CL Cr D D' Fin Fin' F M M'.
  destruct (all_real n (fun j => rho (w j)) Fin) as [b Hb].
  destruct (all_real n (fun j => rho (w' j)) Fin') as [b' Hb'].
  assert (St : forall i, b i + - g i * (w' i - w i) <= b' i).
  { intro i; assert (K := proj1 (proj2 (thm_joint_1 n L rho w g CL D Cr Fin)) M i).
    apply (ext_slopes_line rho _ _ Cr (Fin i)) in K; destruct K as (r & Er & K).
    rewrite Hb in Er; injection Er as <-; specialize (K (w' i)); rewrite Hb' in K; now apply le_fin in K. }
  assert (T := gradient_inequality n L w g CL D).
  assert (Eq : L w' + sum b' <= L w + sum b).
  { assert (K := M' w); unfold F in K; rewrite (ext_sum_real n _ b Hb), (ext_sum_real n _ b' Hb') in K; now apply
      le_fin in K. }
  set (a j := b' j - (b j + - g j * (w' j - w j))).
  assert (Pa : forall j, 0 <= a j) by (intro j; unfold a; generalize (St j); lra).
  assert (Sa : sum a = sum b' - sum b + sum (fun j => g j * (w' j - w j))).
  { unfold a; rewrite (sum_ext _ _ (fun j => b' j + -1 * (b j + -1 * (g j * (w' j - w j))))) by (intro; ring).
    rewrite sum_plus, sum_scal, sum_plus, sum_scal; ring. }
  assert (T' := T w').
  assert (P := sum_nonneg n a Pa).
  assert (LE : L w' = L w + sum (fun j => g j * (w' j - w j))) by lra.
  assert (Za : forall j, a j = 0).
  { intro j; assert (K := term_le_sum n a Pa j); specialize (Pa j); lra. }
  split.
  - (* L minus its tangent plane has a minimum at w' *)
    intro i; apply Rminus_diag_uniq.
    apply (fermat (fun h => L (step w' i h) - g i * h)).
    + apply (derivable_pt_lim_minus (fun h => L (step w' i h)) (fun h => g i * h)); [apply D' |].
      assert (K := derivable_pt_lim_scal id (g i) 0 1 (derivable_pt_lim_id 0)); rewrite Rmult_1_r in K; exact K.
    + exists 1; split; [lra |]; intros h _; apply le_fin; rewrite step_0, Rmult_0_r.
      specialize (T (step w' i h)).
      rewrite (sum_ext _ (fun j => g j * (step w' i h j - w j)) (fun j => g j * step w' i h j + -1 * (g j * w j))) in T
        by (intro; ring).
      rewrite sum_plus, linear_step, sum_scal in T.
      rewrite (sum_ext _ (fun j => g j * (w' j - w j)) (fun j => g j * w' j + -1 * (g j * w j))) in LE
        by (intro; ring).
      rewrite sum_plus, sum_scal in LE; lra.
  - intros i l r Hl Hr Z [H1 H2]; apply NNPP; intro N.
    assert (E0 := Hb i); rewrite Z in E0.
    assert (K := strictly_above rho (g i) (b i) l r Cr E0 Hl Hr H1 H2 (w' i) (b' i) N (Hb' i)).
    specialize (Za i); unfold a in Za; rewrite Z, Rminus_0_r in Za; lra.
Qed.

(** Near miss: a zero on the edge.  With L(w) = -w and |w| every w >= 0 is a solution, 0 and 1 among them. *)
Lemma miss_thm_every_solution_edge :
  let F (u : vec 1) := - u Fin.F1 + sum (fun j => Rabs (u j)) in
  global_min F (fun _ => 0) /\ global_min F (fun _ => 1) /\ zero_interval (-1) 1 (-1).
Proof.
  simpl; repeat split.
  - intro u; rewrite Rabs_R0; generalize (abs_between (u Fin.F1)); lra.
  - intro u; rewrite Rabs_R1; generalize (abs_between (u Fin.F1)); lra.
  - apply le_fin; lra.
  - apply le_fin; lra.
Qed.
