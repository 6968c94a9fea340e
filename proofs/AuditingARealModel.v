(** Chapter "Auditing a real model". *)
Require Import Basics Convexity TheL1Singularity.

(** * What an audit proves *)

(** Definition "Certified zero": l and r are the slopes of the penalty at zero, g is the slope of the loss there. *)
Definition certified (l r : Ext) (g : R) : Prop := (- r < g)%ext /\ (g < - l)%ext.
(** The slack is the distance of g to the nearer edge, for an interval with two ends. *)
Definition slack (l r g : R) : R := Rmin (g - - r) (- l - g).
(** A weight x is stationary if -g lies between the slopes of the penalty there. *)
Definition stationary (rho : R -> R) (x g : R) : Prop := between_slopes rho x (- g).

(** A zero is certified exactly if its slack is positive. *)
Lemma certified_slack : forall l r g : R, certified l r g <-> slack l r g > 0.
Proof.
  intros l r g; unfold certified, slack; simpl; split.
  - intros [H1 H2]; apply Rlt_gt, Rmin_glb_lt; lra.
  - intro H; generalize (Rmin_l (g - - r) (- l - g)) (Rmin_r (g - - r) (- l - g)); lra.
Qed.

(** Near miss: "a stationary zero is certified".  At the edge it is stationary, and not certified. *)
Lemma miss_def_certified_edge : stationary (fun u => 1 * Rabs u) 0 1 /\ ~ certified (-1) 1 1.
Proof.
  split; [| intros [H1 H2]; simpl in *; lra].
  exists (-1), 1; destruct (slopes_abs 1); repeat split; auto; apply le_fin; lra.
Qed.

(** "What an audit proves", part 1: a certified zero is a strict local minimum along its coordinate. *)
Theorem prop_audit_1 :
  forall n (L : vec n -> R) (rho : R -> R) (i : Fin.t n) (w : vec n) (g : R) (l r : Ext),
  partial L i w g -> slope_left rho 0 l -> slope_right rho 0 r -> w i = 0 -> certified l r g ->
  strict_local_min (fun h => L (step w i h) + sum (fun j => rho (step w i h j))) 0.
Proof.
  intros n L rho i w g l r HL Hl Hr E Hc.
  destruct (proj1 (thm_zero_interval _ rho g l r HL Hl Hr) Hc) as (d & Hd & H).
  exists d; split; auto; intros y Hy Hyd; specialize (H y Hy Hyd); simpl in *.
  assert (K : forall h, sum (fun j => rho (step w i h j)) = sum (fun j => rho (w j)) + (rho h - rho 0)).
  { intro h; assert (K := sum_one n (fun j => rho (step w i h j)) (fun j => rho (w j)) i).
    cbv beta in K; rewrite step_same, E, Rplus_0_l in K.
    rewrite <- K; [ring |]; intros j Hj; now rewrite step_other. }
  rewrite !K; lra.
Qed.

(** Part 2: if all weights are stationary, w is a global minimum. *)
(* Scope: the penalty is finite everywhere; constraints, with the value +oo, are not covered. *)
Theorem prop_audit_2 :
  forall n (L : vec n -> R) (rho : R -> R) (w g : vec n),
  convex_n L -> (forall i, partial L i w (g i)) -> convex rho ->
  (forall i, stationary rho (w i) (g i)) -> global_min (fun u => L u + sum (fun j => rho (u j))) w.
Proof. intros n L rho w g CL D Cr H; now apply (thm_joint_1 n L rho w g CL D Cr). Qed.

(** Part 3: the zero interval at strength s is [-s a, s b]. *)
Theorem prop_audit_3 :
  forall a b g : R, 0 < a -> 0 < b ->
  forall strength, 0 < strength ->
  (certified (Real (- (strength * b))) (Real (strength * a)) g <-> strength > Rmax (g / b) (- g / a)).
Proof.
  intros a b g Ha Hb s Hs; unfold certified; simpl; rewrite Ropp_involutive.
  assert (Ea : - g / a * a = - g) by (field; lra). assert (Eb : g / b * b = g) by (field; lra).
  set (p := g / b) in *; set (q := - g / a) in *.
  split.
  - intros [H1 H2]; apply Rlt_gt, Rmax_lub_lt.
    + apply Rmult_lt_reg_r with b; lra.
    + apply Rmult_lt_reg_r with a; lra.
  - intro H; generalize (Rmax_l p q) (Rmax_r p q); intros; split; nra.
Qed.

(** Near miss: the strength max(g/b, -g/a) itself is not enough. *)
Lemma miss_prop_audit_equal :
  ~ (forall a b g : R, 0 < a -> 0 < b -> forall strength, 0 < strength ->
     (certified (Real (- (strength * b))) (Real (strength * a)) g <-> strength >= Rmax (g / b) (- g / a))).
Proof.
  intro H; assert (K := proj2 (H 1 1 1 Rlt_0_1 Rlt_0_1 1 Rlt_0_1)).
  rewrite Rmax_left in K by lra; specialize (K ltac:(lra)).
  destruct K as [_ K]; simpl in K; lra.
Qed.
