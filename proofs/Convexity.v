(** Convex functions.  One variable: one-sided slopes exist, and a number lies between them exactly if it is the slope
    of a line below the graph.  Several variables: a convex function lies above its tangent plane.  Nothing here is a
    statement of the book. *)
Require Import Basics.

Definition line_below (rho : R -> R) (x m : R) : Prop :=
  forall u, rho x + m * (u - x) <= rho u.

(** the quotient (rho(x+h) - rho(x))/h does not decrease with h *)
Lemma chord : forall rho x h k, convex rho -> 0 < h <= k ->
  (rho (x + h) - rho x) / h <= (rho (x + k) - rho x) / k.
Proof.
  intros rho x h k C Hh.
  assert (K := C (x + k) x (h / k)).
  replace (h / k * (x + k) + (1 - h / k) * x) with (x + h) in K by (field; lra).
  assert (B : 0 <= h / k <= 1).
  { split; [apply Rlt_le, Rdiv_lt_0_compat; lra |].
    apply Rmult_le_reg_r with k; [lra |]. replace (h / k * k) with h by (field; lra). lra. }
  specialize (K B).
  apply Rmult_le_reg_r with h; [lra |].
  replace ((rho (x + h) - rho x) / h * h) with (rho (x + h) - rho x) by (field; lra).
  replace ((rho (x + k) - rho x) / k * h) with (h / k * (rho (x + k) - rho x)) by (field; lra).
  lra.
Qed.

Lemma chord_left : forall rho x h, convex rho -> 0 < h ->
  rho x - rho (x - 1) <= (rho (x + h) - rho x) / h.
Proof.
  intros rho x h C Hh.
  assert (K := C (x + h) (x - 1) (/ (1 + h))).
  assert (0 < / (1 + h)) by (apply Rinv_0_lt_compat; lra).
  assert (/ (1 + h) <= 1) by (rewrite <- Rinv_1; apply Rinv_le_contravar; lra).
  replace (/ (1 + h) * (x + h) + (1 - / (1 + h)) * (x - 1)) with x in K by (field; lra).
  specialize (K ltac:(lra)).
  apply Rmult_le_compat_r with (r := 1 + h) in K; [| lra].
  replace ((/ (1 + h) * rho (x + h) + (1 - / (1 + h)) * rho (x - 1)) * (1 + h))
    with (rho (x + h) + h * rho (x - 1)) in K by (field; lra).
  apply Rmult_le_reg_r with h; [lra |].
  replace ((rho (x + h) - rho x) / h * h) with (rho (x + h) - rho x) by (field; lra).
  lra.
Qed.

Lemma convex_slope_right : forall (rho : R -> R) x, convex rho -> exists r : R, slope_right rho x r.
Proof.
  intros rho x C.
  set (q h := (rho (x + h) - rho x) / h).
  destruct (completeness (fun y => exists h, 0 < h /\ y = - q h)) as [s [Hup Hleast]].
  - exists (- (rho x - rho (x - 1))); intros y (h & Hh & ->).
    generalize (chord_left rho x h C Hh); unfold q; lra.
  - exists (- q 1), 1; split; [lra | reflexivity].
  - exists (- s), (rho x); split; [reflexivity |]; intro a; simpl; fold q; split; intro Ha.
    + exists 1; split; [lra |]; intros h Hh.
      assert (K : - q h <= s) by (apply Hup; exists h; split; [lra | reflexivity]).
      change (a < q h); lra.
    + assert (K : exists h, 0 < h /\ q h < a).
      { apply NNPP; intro N; assert (s <= - a); [| lra].
        apply Hleast; intros y (h & Hh & ->).
        apply NNPP; intro N'; apply N; exists h; split; [exact Hh | lra]. }
      destruct K as (k & Hk & K); exists k; split; [exact Hk |]; intros h Hh.
      change (q h < a); apply Rle_lt_trans with (2 := K); apply chord; auto; lra.
Qed.

Lemma convex_reflect : forall rho, convex rho -> convex (fun u => rho (- u)).
Proof.
  intros rho C x y t Ht. specialize (C (- x) (- y) t Ht).
  now replace (- (t * x + (1 - t) * y)) with (t * - x + (1 - t) * - y) by ring.
Qed.

Lemma convex_slope_left : forall (rho : R -> R) x, convex rho -> exists l : R, slope_left rho x l.
Proof.
  intros rho x C. destruct (convex_slope_right _ (- x) (convex_reflect _ C)) as [r Hr].
  exists (- r); apply slope_reflect; simpl; now rewrite Ropp_involutive.
Qed.

Lemma below_right : forall (rho : R -> R) x (m : R) r, slope_right rho x r -> line_below rho x m -> ext_le m r.
Proof.
  intros rho x m r (r0 & E & H) B; injection E as <-.
  apply le_not_lt; intro Hlt. destruct (proj2 (H m) Hlt) as (d & Hd & K).
  specialize (K (d / 2) ltac:(lra)); specialize (B (x + d / 2)); simpl in K.
  replace (x + d / 2 - x) with (d / 2) in B by ring.
  apply Rmult_lt_compat_r with (r := d / 2) in K; [| lra].
  replace ((rho (x + d / 2) - rho x) / (d / 2) * (d / 2)) with (rho (x + d / 2) - rho x) in K by (field; lra).
  lra.
Qed.

Lemma right_below : forall (rho : R -> R) x (m : R) r u, convex rho -> slope_right rho x r -> ext_le m r -> x < u ->
  rho x + m * (u - x) <= rho u.
Proof.
  intros rho x m r u C (r0 & E & H) Hm Hu; injection E as <-.
  apply NNPP; intro N; apply Rnot_le_lt in N.
  set (k := u - x) in *; assert (Hk : 0 < k) by (unfold k; lra).
  set (a := (rho (x + k) - rho x) / k).
  assert (Ea : a * k = rho u - rho x).
  { unfold a; replace (x + k) with u by (unfold k; ring); field; lra. }
  assert (Ha : a < m) by (apply Rmult_lt_reg_r with k; lra).
  assert (Hr : ext_lt ((a + m) / 2) r).
  { destruct r as [r | |]; simpl; auto.
    - apply le_fin in Hm; lra.
    - destruct Hm as [Hm | Hm]; [destruct Hm | discriminate]. }
  destruct (proj1 (H ((a + m) / 2)) Hr) as (d & Hd & K).
  assert (Hp : 0 < Rmin d k) by now apply Rmin_pos.
  generalize (Rmin_l d k) (Rmin_r d k); intros.
  specialize (K (Rmin d k / 2) ltac:(lra)); simpl in K.
  assert (Q := chord rho x (Rmin d k / 2) k C ltac:(lra)); fold a in Q; lra.
Qed.

Lemma slopes_line : forall rho x m, convex rho -> (between_slopes rho x m <-> line_below rho x m).
Proof.
  intros rho x m C; split.
  - intros (l & r & Hl & Hr & Lm & Rm) u.
    destruct (Rtotal_order x u) as [Hu | [<- | Hu]].
    + now apply right_below with r.
    + lra.
    + apply slope_reflect in Hl.
      assert (K := right_below (fun u => rho (- u)) (- x) (- m) (ext_opp l) (- u) (convex_reflect _ C) Hl).
      simpl in K; rewrite !Ropp_involutive in K.
      apply Rle_trans with (rho x + - m * (- u - - x)); [right; ring | apply K; [| lra]].
      apply le_not_lt; intro Hlt; apply (lt_opp l m) in Hlt.
      apply le_not_lt in Lm; tauto.
  - intro B; destruct (convex_slope_right rho x C) as [r Hr].
    destruct (convex_slope_left rho x C) as [l Hl].
    exists l, r; repeat split; auto; [| now apply below_right with rho x].
    apply slope_reflect in Hl.
    assert (K : ext_le (- m) (ext_opp l)).
    { apply below_right with (1 := Hl); intro u; specialize (B (- u)).
      rewrite Ropp_involutive; apply Rle_trans with (2 := B); right; ring. }
    simpl in K; apply le_fin; apply le_fin in K; lra.
Qed.

(** If a convex f ext_plus a differentiable psi is least at x, then minus the slope of psi
    is the slope of a line below f. *)
Lemma convex_plus_smooth : forall f psi x m, convex f -> derivative psi x m ->
  (forall u, f x + psi x <= f u + psi u) -> line_below f x (- m).
Proof.
  intros f psi x m C D H u.
  destruct (Req_dec u x) as [-> | Hu]; [lra |].
  apply NNPP; intro N; apply Rnot_le_lt in N.
  set (k := u - x) in *; assert (Hk : k <> 0) by (unfold k; lra).
  assert (Ak : 0 < Rabs k) by now apply Rabs_pos_lt.
  set (eps := (f x + - m * k - f u) / (2 * Rabs k)).
  assert (He : 0 < eps) by (apply Rdiv_lt_0_compat; lra).
  destruct (D eps He) as [[d Hd] Hpsi]; simpl in Hpsi.
  set (t := Rmin 1 (d / (2 * Rabs k))).
  assert (Ht : 0 < t) by (apply Rmin_pos; [lra | apply Rdiv_lt_0_compat; lra]).
  assert (Ht1 : t <= 1) by apply Rmin_l.
  assert (Htd : t * Rabs k < d).
  { apply Rle_lt_trans with (d / (2 * Rabs k) * Rabs k).
    - apply Rmult_le_compat_r; [lra | apply Rmin_r].
    - replace (d / (2 * Rabs k) * Rabs k) with (d / 2) by (field; lra); lra. }
  assert (P : Rabs ((psi (x + t * k) - psi x) / (t * k) - m) < eps).
  { apply Hpsi; [apply Rmult_integral_contrapositive; split; lra |].
    rewrite Rabs_mult, (Rabs_right t); lra. }
  assert (E : psi (x + t * k) - psi x - m * (t * k) <= eps * (t * Rabs k)).
  { replace (psi (x + t * k) - psi x - m * (t * k))
      with (((psi (x + t * k) - psi x) / (t * k) - m) * (t * k)) by (field; lra).
    apply Rle_trans with (1 := Rle_abs _). rewrite Rabs_mult.
    rewrite (Rabs_mult t k), (Rabs_right t) by lra.
    apply Rmult_le_compat_r; [apply Rmult_le_pos |]; lra. }
  assert (F := C u x t ltac:(lra)); specialize (H (t * u + (1 - t) * x)).
  replace (t * u + (1 - t) * x) with (x + t * k) in * by (unfold k; ring).
  assert (Eeps : eps * Rabs k = (f x + - m * k - f u) / 2) by (unfold eps; field; lra).
  nra.
Qed.

(** a convex function lies above its tangents *)
Lemma tangent : forall f x g, convex f -> derivative f x g -> line_below f x g.
Proof.
  intros f x g C D.
  assert (K : line_below f x (- - g)); [| now rewrite Ropp_involutive in K].
  apply convex_plus_smooth with (fun u => - f u); auto; [| intro; lra].
  now apply derivable_pt_lim_opp.
Qed.

Lemma prox_line : forall rho v u, convex rho -> (is_prox rho v u <-> line_below rho u (v - u)).
Proof.
  intros rho v u C; split.
  - intro H. replace (v - u) with (- (u - v)) by ring.
    apply convex_plus_smooth with (fun x => (x - v) ^ 2 / 2); auto.
    + intros e He; exists (mkposreal e He); intros h Hh Hhe; simpl in Hhe.
      replace (((u + h - v) ^ 2 / 2 - (u - v) ^ 2 / 2) / h - (u - v)) with (h / 2) by (field; lra).
      unfold Rdiv; rewrite Rabs_mult, (Rabs_right (/ 2)) by lra.
      assert (0 < Rabs h) by now apply Rabs_pos_lt. lra.
    + intro x; destruct (Req_dec x u) as [-> | Hx]; [lra |]. left; now apply H.
  - intros B x Hx; specialize (B x). cbv beta.
    assert (0 < (x - u) ^ 2) by (assert (x - u <> 0) by lra; rewrite <- Rsqr_pow2; now apply Rsqr_pos_lt).
    nra.
Qed.

(** * The gradient inequality.  It needs no more than partial derivatives at w. *)
Section Gradient.
Variables (n : nat) (L : vec n -> R) (w g : vec n).
Hypothesis C : convex_n L.
Hypothesis D : forall i, partial L i w (g i).

Definition gap (d : vec n) : R := L (fun j => w j + d j) - L w - sum (fun j => g j * d j).

Lemma gap_convex : convex_n gap.
Proof.
  intros u v t Ht; unfold gap.
  replace (fun j => w j + (t * u j + (1 - t) * v j))
    with (fun j => t * (w j + u j) + (1 - t) * (w j + v j))
    by (apply functional_extensionality; intro; ring).
  replace (sum (fun j => g j * (t * u j + (1 - t) * v j)))
    with (t * sum (fun j => g j * u j) + (1 - t) * sum (fun j => g j * v j)).
  - generalize (C (fun j => w j + u j) (fun j => w j + v j) t Ht); lra.
  - rewrite <- !sum_scal, <- sum_plus; apply sum_ext; intro; ring.
Qed.

Lemma gap_0 : gap (fun _ => 0) = 0.
Proof.
  unfold gap. replace (fun j => w j + 0) with w by (apply functional_extensionality; intro; ring).
  rewrite (sum_ext _ (fun j => g j * 0) (fun _ => 0)), sum_zero by (intro; ring); ring.
Qed.

(** in direction d the gap is small compared with the step *)
Definition small (d : vec n) : Prop :=
  forall eps, 0 < eps -> exists t0, 0 < t0 /\ forall t, 0 < t < t0 -> gap (fun j => t * d j) <= eps * t.

Lemma small_plus : forall d d', small d -> small d' -> small (fun j => d j + d' j).
Proof.
  intros d d' H H' eps He.
  destruct (H (eps / 2)) as (t1 & P1 & K1); [lra |].
  destruct (H' (eps / 2)) as (t2 & P2 & K2); [lra |].
  exists (Rmin t1 t2 / 2); split; [generalize (Rmin_pos t1 t2 P1 P2); lra |]; intros t Ht.
  generalize (Rmin_l t1 t2) (Rmin_r t1 t2); intros.
  specialize (K1 (2 * t) ltac:(lra)); specialize (K2 (2 * t) ltac:(lra)).
  assert (K := gap_convex (fun j => 2 * t * d j) (fun j => 2 * t * d' j) (1 / 2) ltac:(lra)).
  cbv beta in K.
  replace (fun j => 1 / 2 * (2 * t * d j) + (1 - 1 / 2) * (2 * t * d' j))
    with (fun j => t * (d j + d' j)) in K
    by (apply functional_extensionality; intro; field).
  lra.
Qed.

Lemma small_single : forall i a, small (fun j => if Fin.eq_dec j i then a else 0).
Proof.
  intros i a eps He.
  assert (E : forall t, gap (fun j => t * (if Fin.eq_dec j i then a else 0))
                        = L (step w i (t * a)) - L w - g i * (t * a)).
  { intro t; unfold gap.
    replace (fun j => w j + t * (if Fin.eq_dec j i then a else 0)) with (step w i (t * a)).
    - assert (K := sum_one n (fun j => g j * (t * (if Fin.eq_dec j i then a else 0))) (fun _ => 0) i).
      cbv beta in K; rewrite sum_zero in K; destruct (Fin.eq_dec i i); [| congruence].
      rewrite !Rminus_0_r in K; rewrite K; [reflexivity |].
      intros j Hj; destruct (Fin.eq_dec j i); [congruence | ring].
    - apply functional_extensionality; intro j; unfold step; destruct (Fin.eq_dec j i); ring. }
  destruct (Req_dec a 0) as [-> | Ha].
  - exists 1; split; [lra |]; intros t Ht; rewrite E, !Rmult_0_r, step_0.
    assert (0 < eps * t) by (apply Rmult_lt_0_compat; lra); lra.
  - assert (Aa : 0 < Rabs a) by now apply Rabs_pos_lt.
    destruct (D i (eps / Rabs a)) as [[d Hd] K]; [now apply Rdiv_lt_0_compat |]; simpl in K.
    exists (d / Rabs a); split; [now apply Rdiv_lt_0_compat |]; intros t Ht; rewrite E.
    assert (Hta : t * a <> 0) by (apply Rmult_integral_contrapositive; lra).
    assert (Htd : Rabs (t * a) < d).
    { rewrite Rabs_mult, (Rabs_right t) by lra.
      replace d with (d / Rabs a * Rabs a) by (field; lra).
      apply Rmult_lt_compat_r; lra. }
    specialize (K (t * a) Hta Htd); rewrite Rplus_0_l, step_0 in K.
    replace (L (step w i (t * a)) - L w - g i * (t * a))
      with (((L (step w i (t * a)) - L w) / (t * a) - g i) * (t * a)) by (field; split; lra).
    apply Rle_trans with (1 := Rle_abs _); rewrite Rabs_mult.
    apply Rle_trans with (eps / Rabs a * Rabs (t * a)).
    + apply Rmult_le_compat_r; [apply Rabs_pos | lra].
    + rewrite Rabs_mult, (Rabs_right t) by lra; right; field; lra.
Qed.

Lemma small_first : forall (d : vec n) k,
  small (fun j => if lt_dec (proj1_sig (Fin.to_nat j)) k then d j else 0).
Proof.
  intro d; induction k.
  - intros eps He; exists 1; split; [lra |]; intros t Ht.
    replace (fun j : Fin.t n => t * (if lt_dec (proj1_sig (Fin.to_nat j)) 0 then d j else 0))
      with (fun _ : Fin.t n => 0).
    + rewrite gap_0; apply Rmult_le_pos; lra.
    + apply functional_extensionality; intro j.
      destruct (lt_dec (proj1_sig (Fin.to_nat j)) 0); [lia | ring].
  - destruct (lt_dec k n) as [Hk | Hk].
    + set (i := Fin.of_nat_lt Hk).
      assert (Ei : proj1_sig (Fin.to_nat i) = k) by (unfold i; now rewrite Fin.to_nat_of_nat).
      replace (fun j => if lt_dec (proj1_sig (Fin.to_nat j)) (S k) then d j else 0)
        with (fun j => (if lt_dec (proj1_sig (Fin.to_nat j)) k then d j else 0)
                       + (if Fin.eq_dec j i then d i else 0)).
      * apply small_plus; [exact IHk | apply small_single].
      * apply functional_extensionality; intro j.
        destruct (Fin.eq_dec j i) as [-> | Hj].
        -- rewrite Ei; destruct (lt_dec k k), (lt_dec k (S k)); try lia; ring.
        -- assert (proj1_sig (Fin.to_nat j) <> k)
             by (intro E; apply Hj, Fin.to_nat_inj; congruence).
           destruct (lt_dec (proj1_sig (Fin.to_nat j)) k), (lt_dec (proj1_sig (Fin.to_nat j)) (S k));
             try lia; ring.
    + replace (fun j : Fin.t n => if lt_dec (proj1_sig (Fin.to_nat j)) (S k) then d j else 0)
        with (fun j : Fin.t n => if lt_dec (proj1_sig (Fin.to_nat j)) k then d j else 0); [exact IHk |].
      apply functional_extensionality; intro j; assert (B := proj2_sig (Fin.to_nat j)).
      destruct (lt_dec (proj1_sig (Fin.to_nat j)) k), (lt_dec (proj1_sig (Fin.to_nat j)) (S k));
        auto; simpl in *; lia.
Qed.

Lemma small_all : forall d, small d.
Proof.
  intro d; replace d with (fun j => if lt_dec (proj1_sig (Fin.to_nat j)) n then d j else 0).
  - apply small_first.
  - apply functional_extensionality; intro j; assert (B := proj2_sig (Fin.to_nat j)).
    destruct (lt_dec (proj1_sig (Fin.to_nat j)) n); [auto | simpl in *; lia].
Qed.

Lemma gap_nonneg : forall d, 0 <= gap d.
Proof.
  intro d; apply Rnot_lt_le; intro Hneg.
  destruct (small_all (fun j => - d j) (- gap d / 2)) as (t0 & P & K); [lra |].
  set (t := Rmin 1 t0 / 2).
  assert (Ht : 0 < t < t0 /\ t < 1).
  { unfold t; assert (0 < Rmin 1 t0) by (apply Rmin_pos; lra).
    generalize (Rmin_l 1 t0) (Rmin_r 1 t0); lra. }
  specialize (K t (proj1 Ht)).
  assert (K1 := gap_convex (fun j => t * d j) (fun j => t * - d j) (1 / 2) ltac:(lra)).
  assert (K2 := gap_convex d (fun _ => 0) t ltac:(lra)).
  cbv beta in K1, K2.
  replace (fun j => 1 / 2 * (t * d j) + (1 - 1 / 2) * (t * - d j)) with (fun _ : Fin.t n => 0) in K1
    by (apply functional_extensionality; intro; field).
  replace (fun j => t * d j + (1 - t) * 0) with (fun j => t * d j) in K2
    by (apply functional_extensionality; intro; ring).
  rewrite gap_0 in K1, K2; nra.
Qed.

Lemma gradient_inequality : forall u, L w + sum (fun j => g j * (u j - w j)) <= L u.
Proof.
  intro u; assert (K := gap_nonneg (fun j => u j - w j)); unfold gap in K.
  replace (fun j => w j + (u j - w j)) with u in K
    by (apply functional_extensionality; intro; ring).
  lra.
Qed.
End Gradient.

(** * The theorem *)
(** * Convex functions with values in (-oo, oo] *)

Section Extended.
Variable rho : R -> Ext.
Hypothesis C : convex_ext rho.

Lemma ext_le_real : forall (s : Ext) (b : R), (s <= b)%ext -> s <> minus_oo -> exists a : R, s = a /\ a <= b.
Proof.
  intros [a | |] b H N; [exists a; split; [reflexivity | now apply le_fin] | destruct H as [[] | H]; discriminate |
      congruence].
Qed.

(** Between x, where rho is r, and x + k, where it is b, rho lies below the chord. *)
Lemma ext_chord : forall (x k r b h : R), rho x = r -> rho (x + k) = b -> 0 < k -> 0 < h <= k ->
  exists a : R, rho (x + h) = a /\ (a - r) / h <= (b - r) / k.
Proof.
  intros x k r b h Er Eb Hk Hh.
  assert (B : 0 <= h / k <= 1).
  { split; [apply Rlt_le, Rdiv_lt_0_compat; lra |].
    apply Rmult_le_reg_r with k; [lra |]. replace (h / k * k) with h by (field; lra). lra. }
  assert (K := proj2 C (x + k) x b r (h / k) B).
  replace (h / k * (x + k) + (1 - h / k) * x) with (x + h) in K by (field; lra).
  rewrite Er, Eb in K; specialize (K (proj2 (le_fin _ _) (Rle_refl _)) (proj2 (le_fin _ _) (Rle_refl _))).
  destruct (ext_le_real _ _ K (proj1 C _)) as (a & Ea & La); exists a; split; [exact Ea |].
  apply Rmult_le_reg_r with h; [lra |].
  replace ((a - r) / h * h) with (a - r) by (field; lra).
  replace ((b - r) / k * h) with (h / k * (b - r)) by (field; lra). lra.
Qed.

Definition ext_line_below (x m : R) : Prop :=
  exists r : R, rho x = r /\ forall u, ((r + m * (u - x))%R <= rho u)%ext.

Lemma ext_below_right : forall (x m : R) s, slope_right rho x s -> ext_line_below x m -> (m <= s)%ext.
Proof.
  intros x m s (r & E & H) (r' & E' & B); rewrite E in E'; injection E' as <-.
  apply le_not_lt; intro Hlt; destruct (proj2 (H m) Hlt) as (d & Hd & K).
  specialize (K (d / 2) ltac:(lra)); specialize (B (x + d / 2)); unfold quotient in K.
  replace (x + d / 2 - x) with (d / 2) in B by ring.
  destruct (rho (x + d / 2)) as [b | |]; simpl in K.
  - apply le_fin in B; assert (Eb : b - r = (b - r) / (d / 2) * (d / 2)) by (field; lra).
    set (q := (b - r) / (d / 2)) in *; nra.
  - destruct (Rlt_dec 0 (d / 2)); simpl in K; [tauto | lra].
  - destruct B as [[] | B]; discriminate.
Qed.

Lemma ext_right_below : forall (x m r : R) s u, rho x = r -> slope_right rho x s -> (m <= s)%ext -> x < u ->
  ((r + m * (u - x))%R <= rho u)%ext.
Proof.
  intros x m r s u Er (r0 & E & H) Hm Hu; rewrite Er in E; injection E as <-.
  destruct (rho u) as [b | |] eqn:Eu; [| now left | now apply (proj1 C) in Eu].
  apply le_fin, Rnot_lt_le; intro N.
  set (k := u - x) in *; assert (Hk : 0 < k) by (unfold k; lra).
  assert (Ek : rho (x + k) = b) by (rewrite <- Eu; f_equal; unfold k; ring).
  set (a := (b - r) / k); assert (Ea : a * k = b - r) by (unfold a; field; lra).
  assert (Ha : a < m) by (apply Rmult_lt_reg_r with k; lra).
  assert (Hr : ((a + m) / 2 < s)%ext).
  { destruct s as [s | |]; simpl; auto.
    - apply le_fin in Hm; lra.
    - destruct Hm as [Hm | Hm]; [destruct Hm | discriminate]. }
  destruct (proj1 (H ((a + m) / 2)) Hr) as (d & Hd & K).
  assert (Hp : 0 < Rmin d k) by now apply Rmin_pos.
  generalize (Rmin_l d k) (Rmin_r d k); intros.
  specialize (K (Rmin d k / 2) ltac:(lra)).
  destruct (ext_chord x k r b (Rmin d k / 2) Er Ek Hk ltac:(lra)) as (y & Ey & Q); fold a in Q.
  rewrite Ey in K; simpl in K; lra.
Qed.

(** Where a line is below, the slope to the right exists. *)
Lemma ext_slope_right : forall x m, ext_line_below x m -> exists s, slope_right rho x s.
Proof.
  intros x m (r & Er & B).
  destruct (classic (exists k b : R, 0 < k /\ rho (x + k) = b)) as [(k & b & Hk & Eb) | None].
  - set (q h y := 0 < h <= k /\ exists a : R, rho (x + h) = a /\ y = - ((a - r) / h)).
    destruct (completeness (fun y => exists h, q h y)) as [s [Up Least]].
    + exists (- m); intros y (h & Hh & a & Ea & ->).
      specialize (B (x + h)); rewrite Ea in B; apply le_fin in B.
      replace (x + h - x) with h in B by ring.
      assert (m <= (a - r) / h); [| lra].
      apply Rmult_le_reg_r with h; [lra |]. replace ((a - r) / h * h) with (a - r) by (field; lra). lra.
    + exists (- ((b - r) / k)), k; split; [lra |]; now exists b.
    + exists (Real (- s)), r; split; [exact Er |]; intro a; simpl; split; intro Ha.
      * exists k; split; [exact Hk |]; intros h Hh.
        destruct (ext_chord x k r b h Er Eb Hk ltac:(lra)) as (y & Ey & _).
        assert (K : - ((y - r) / h) <= s) by (apply Up; exists h; split; [lra |]; now exists y).
        rewrite Ey; simpl; lra.
      * assert (K : exists h y : R, 0 < h <= k /\ rho (x + h) = y /\ (y - r) / h < a).
        { apply NNPP; intro N; assert (s <= - a); [| lra].
          apply Least; intros z (h & Hh & y & Ey & ->).
          apply NNPP; intro N'; apply N; exists h, y; repeat split; try exact Ey; try apply Hh; lra. }
        destruct K as (h & y & Hh & Ey & Ly); exists h; split; [lra |]; intros t Ht.
        destruct (ext_chord x h r y t Er Ey ltac:(lra) ltac:(lra)) as (z & Ez & Q); rewrite Ez; simpl; lra.
  - exists plus_oo, r; split; [exact Er |]; intro a; split; intro Ha; [| destruct Ha].
    exists 1; split; [lra |]; intros h Hh.
    destruct (rho (x + h)) as [b | |] eqn:Eb.
    + exfalso; apply None; exists h, b; split; [lra | exact Eb].
    + simpl; destruct (Rlt_dec 0 h); [exact I | lra].
    + now apply (proj1 C) in Eb.
Qed.

(** A minimum of psi + rho, psi differentiable, has a line below. *)
Lemma ext_min_line : forall (psi : R -> R) (g r : R), derivative psi 0 g -> rho 0 = r ->
  (forall h, (psi 0 + rho 0 <= psi h + rho h)%ext) -> ext_line_below 0 (- g).
Proof.
  intros psi g r D Er M; exists r; split; [exact Er |]; intro k; rewrite Rminus_0_r.
  destruct (rho k) as [b | |] eqn:Eb; [| now left | now apply (proj1 C) in Eb].
  apply le_fin; destruct (Req_dec k 0) as [-> | Hk].
  { rewrite Er in Eb; injection Eb as <-; lra. }
  apply Rnot_lt_le; intro N.
  assert (Ak : 0 < Rabs k) by now apply Rabs_pos_lt.
  set (eps := (r + - g * k - b) / (2 * Rabs k)).
  assert (He : 0 < eps) by (apply Rdiv_lt_0_compat; lra).
  assert (Eeps : eps * Rabs k = (r + - g * k - b) / 2) by (unfold eps; field; lra).
  destruct (D eps He) as [[d Hd] Hpsi]; simpl in Hpsi.
  set (t := Rmin 1 (d / (2 * Rabs k))).
  assert (Ht : 0 < t) by (apply Rmin_pos; [lra | apply Rdiv_lt_0_compat; lra]).
  assert (Ht1 : t <= 1) by apply Rmin_l.
  assert (Htd : t * Rabs k < d).
  { apply Rle_lt_trans with (d / (2 * Rabs k) * Rabs k).
    - apply Rmult_le_compat_r; [lra | apply Rmin_r].
    - replace (d / (2 * Rabs k) * Rabs k) with (d / 2) by (field; lra); lra. }
  assert (P : Rabs ((psi (0 + t * k) - psi 0) / (t * k) - g) < eps).
  { apply Hpsi; [apply Rmult_integral_contrapositive; split; lra |].
    rewrite Rabs_mult, (Rabs_right t); lra. }
  rewrite Rplus_0_l in P.
  assert (E : psi (t * k) - psi 0 - g * (t * k) <= eps * (t * Rabs k)).
  { replace (psi (t * k) - psi 0 - g * (t * k)) with (((psi (t * k) - psi 0) / (t * k) - g) * (t * k)) by (field; lra).
    apply Rle_trans with (1 := Rle_abs _). rewrite Rabs_mult, (Rabs_mult t k), (Rabs_right t) by lra.
    apply Rmult_le_compat_r; [apply Rmult_le_pos |]; lra. }
  assert (F := proj2 C k 0 b r t ltac:(lra)); rewrite Eb, Er in F.
  specialize (F (proj2 (le_fin _ _) (Rle_refl _)) (proj2 (le_fin _ _) (Rle_refl _))).
  replace (t * k + (1 - t) * 0) with (t * k) in F by ring.
  destruct (ext_le_real _ _ F (proj1 C _)) as (a & Ea & La).
  specialize (M (t * k)); rewrite Ea, Er in M; simpl in M; apply le_fin in M. nra.
Qed.
End Extended.

Lemma convex_ext_reflect : forall rho, convex_ext rho -> convex_ext (fun u => rho (- u)).
Proof.
  intros rho [N C]; split; [intro; apply N |]; intros x y a b t Ht Ha Hb.
  replace (- (t * x + (1 - t) * y)) with (t * - x + (1 - t) * - y) by ring; now apply C.
Qed.

Lemma ext_line_reflect : forall rho x m, ext_line_below rho x m -> ext_line_below (fun u => rho (- u)) (- x) (- m).
Proof.
  intros rho x m (r & E & B); exists r; rewrite Ropp_involutive; split; [exact E |]; intro u.
  replace (r + - m * (u - - x)) with (r + m * (- u - x)) by ring; apply B.
Qed.

Lemma ext_slopes_line : forall rho x m, convex_ext rho -> (exists r : R, rho x = r) ->
  (between_slopes rho x m <-> ext_line_below rho x m).
Proof.
  intros rho x m C [r Er]; split.
  - intros (l & s & Hl & Hs & Lm & Sm); exists r; split; [exact Er |]; intro u.
    destruct (Rtotal_order x u) as [Hu | [<- | Hu]].
    + now apply (ext_right_below rho C x m r s).
    + rewrite Er; apply le_fin; lra.
    + apply slope_reflect in Hl.
      assert (K := ext_right_below _ (convex_ext_reflect rho C) (- x) (- m) r (- l)%ext (- u)).
      cbv beta in K; rewrite !Ropp_involutive in K.
      replace (r + m * (u - x)) with (r + - m * (- u - - x)) by ring.
      apply K; [exact Er | exact Hl | | lra].
      apply le_not_lt; apply le_not_lt in Lm; destruct l; simpl in *; lra || tauto.
  - intro B.
    destruct (ext_slope_right rho C x m B) as [s Hs].
    destruct (ext_slope_right _ (convex_ext_reflect rho C) (- x) (- m) (ext_line_reflect rho x m B)) as [l Hl].
    exists (- l)%ext, s; repeat split; auto.
    + apply slope_reflect; destruct l; simpl; rewrite ?Ropp_involutive; exact Hl.
    + assert (K := ext_below_right _ _ _ l Hl (ext_line_reflect rho x m B)).
      apply le_not_lt; apply le_not_lt in K; destruct l; simpl in *; lra || tauto.
    + now apply (ext_below_right rho x m s Hs).
Qed.

Lemma convex_is_convex_ext : forall rho : R -> R, convex rho -> convex_ext (fun u => rho u).
Proof.
  intros rho C; split; [discriminate |]; intros x y a b t Ht Ha Hb; apply le_fin in Ha; apply le_fin in Hb; apply
      le_fin.
  specialize (C x y t Ht); nra.
Qed.

(** * Sums of values in (-oo, oo] *)

Lemma ext_sum_real : forall n (f : Fin.t n -> Ext) (b : vec n), (forall j, f j = b j) -> ext_sum f = sum b.
Proof.
  induction n; intros f b H; [reflexivity |]; cbn [ext_sum sum]; rewrite (H Fin.F1).
  now rewrite (IHn (fun j => f (Fin.FS j)) (fun j => b (Fin.FS j))) by (intro; apply H).
Qed.

Lemma ext_sum_infinite : forall n (f : Fin.t n -> Ext), (forall j, f j <> minus_oo) -> (exists j, f j = plus_oo) ->
  ext_sum f = plus_oo.
Proof.
  induction n; intros f N [j E]; [inversion j |]; cbn [ext_sum].
  destruct (f Fin.F1) as [a | |] eqn:E1; [| reflexivity | now apply N in E1].
  rewrite IHn; [reflexivity | intro; apply N |].
  revert E; pattern j; apply Fin.caseS'; [congruence | intros i E; now exists i].
Qed.

Lemma all_real_or_infinite : forall n (f : Fin.t n -> Ext), (forall j, f j <> minus_oo) ->
  (exists b : vec n, forall j, f j = b j) \/ (exists j, f j = plus_oo).
Proof.
  induction n; intros f N; [left; exists (fun _ => 0); intro j; inversion j |].
  destruct (f Fin.F1) as [a | |] eqn:E1; [| right; now exists Fin.F1 | now apply N in E1].
  destruct (IHn (fun j => f (Fin.FS j))) as [[b Hb] | [j Hj]]; [intro; apply N | left | right; now exists (Fin.FS j)].
  exists (fun j => Fin.caseS' j (fun _ => R) a b); intro j; pattern j; apply Fin.caseS'; [exact E1 | exact Hb].
Qed.

Lemma all_real : forall n (f : Fin.t n -> Ext), (forall j, exists r : R, f j = r) -> exists b : vec n, forall j, f j =
    b j.
Proof.
  intros n f H; destruct (all_real_or_infinite n f) as [B | [j E]]; [| exact B |].
  - intros j E; destruct (H j) as [r Er]; congruence.
  - destruct (H j) as [r Er]; congruence.
Qed.
