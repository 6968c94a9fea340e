(** Chapter "Singularities are necessary". *)
From Coq Require Import Cantor List.
Require Import Basics SecondOrder NullSets TheL1Singularity.
Import ListNotations.

(** F_t(w) = F(w) - t w_i, for a function F with values in [-oo, oo] *)
Definition tilt {n} (F : vec n -> Ext) (i : Fin.t n) (t : R) : vec n -> Ext :=
  fun w => ((- (t * w i))%R + F w)%ext.

(** The tilts t for which F_t has a local minimum at some w with w_i = 0, where F is finite. *)
Definition zero_tilts {n} (F : vec n -> Ext) (i : Fin.t n) (t : R) : Prop :=
  exists w, w i = 0 /\ (exists r : R, F w = r) /\ local_min_n (tilt F i t) w.

(** A minimum of F at w is sharp in coordinate i if F rises from there at least as fast as c |u_i|. *)
Definition sharp {n} (F : vec n -> Ext) (i : Fin.t n) (w : vec n) : Prop :=
  exists c eps, 0 < c /\ 0 < eps /\ forall u, near eps w u -> ((c * Rabs (u i))%R + F w <= F u)%ext.

(** A countable set is one that can be listed as t_1, t_2, ... (with repetitions). *)
Definition countable (S : R -> Prop) : Prop :=
  exists list : nat -> R, forall t, S t -> exists k, list k = t.

(** * Rational boxes, numbered by natural numbers *)

(** * Rational boxes, numbered by natural numbers *)
Definition rational (c : nat) : R :=
  let (a, c') := Cantor.of_nat c in let (b, m) := Cantor.of_nat c' in
  (INR a - INR b) / INR (S m).

Lemma archimedes : forall x, exists n, x < INR n.
Proof.
  intro x; destruct (archimed x) as [H _]; exists (Z.to_nat (up x)).
  destruct (Z_le_gt_dec 0 (up x)) as [Hz | Hz].
  - rewrite INR_IZR_INZ, Z2Nat.id by lia; lra.
  - apply Rlt_le_trans with 0; [| apply pos_INR].
    apply Rlt_trans with (1 := H); apply (IZR_lt _ 0); lia.
Qed.

Lemma rational_dense : forall x eps, 0 < eps -> exists c, Rabs (rational c - x) < eps.
Proof.
  intros x eps He.
  destruct (archimedes (/ eps)) as [m Hm].
  set (M := INR (S m)).
  assert (HM : 0 < M) by (apply lt_0_INR; lia).
  assert (Hinv : / M < eps).
  { rewrite <- (Rinv_inv eps). apply Rinv_lt_contravar.
    - apply Rmult_lt_0_compat; [now apply Rinv_0_lt_compat | exact HM].
    - unfold M; rewrite S_INR; lra. }
  assert (Hz : exists a b : nat, Rabs (INR a - INR b - M * x) <= 1).
  { destruct (archimed (M * x)) as [H1 H2].
    destruct (Z_le_gt_dec 0 (up (M * x))) as [Hp | Hn].
    - exists (Z.to_nat (up (M * x))), O. rewrite (INR_IZR_INZ (Z.to_nat _)), Z2Nat.id by lia.
      simpl; apply Rabs_le; lra.
    - exists O, (Z.to_nat (- up (M * x))). rewrite (INR_IZR_INZ (Z.to_nat _)), Z2Nat.id by lia.
      rewrite opp_IZR; simpl; apply Rabs_le; lra. }
  destruct Hz as (a & b & Hab).
  exists (Cantor.to_nat (a, Cantor.to_nat (b, m))).
  unfold rational; rewrite !Cantor.cancel_of_to; fold M.
  replace ((INR a - INR b) / M - x) with ((INR a - INR b - M * x) * / M) by (field; lra).
  rewrite Rabs_mult, (Rabs_right (/ M)) by (left; now apply Rinv_0_lt_compat).
  assert (0 < / M) by now apply Rinv_0_lt_compat.
  nra.
Qed.

(** the k-th number of the list that c encodes *)
Fixpoint digit (k c : nat) : nat :=
  match k with
  | O => fst (Cantor.of_nat c)
  | S k' => digit k' (snd (Cantor.of_nat c))
  end.

Lemma digits : forall n (P : nat -> nat -> Prop),
  (forall k, exists a, P k a) -> exists c, forall k, (k < n)%nat -> P k (digit k c).
Proof.
  induction n; intros P H.
  - exists O; intros; lia.
  - destruct (IHn (fun k => P (S k)) (fun k => H (S k))) as [c Hc].
    destruct (H O) as [a Ha].
    exists (Cantor.to_nat (a, c)); intros [| k] Hk; cbn [digit]; rewrite Cantor.cancel_of_to;
      [exact Ha | apply Hc; lia].
Qed.

Definition center {n} (c : nat) : vec n :=
  fun j => rational (digit (proj1_sig (Fin.to_nat j)) c).

Lemma center_dense : forall n (w : vec n) eps, 0 < eps -> exists c, near eps w (center c).
Proof.
  intros n w eps He.
  destruct (digits n (fun k a => forall j, proj1_sig (Fin.to_nat j) = k ->
                      Rabs (rational a - w j) < eps)) as [c Hc].
  - intro k. destruct (lt_dec k n) as [Hk | Hk].
    + set (j := Fin.of_nat_lt Hk).
      destruct (rational_dense (w j) eps He) as [a Ha].
      exists a; intros j' Hj'.
      replace j' with j; [exact Ha |].
      apply Fin.to_nat_inj; rewrite Hj'; unfold j; now rewrite Fin.to_nat_of_nat.
    + exists O; intros j Hj; exfalso; apply Hk.
      rewrite <- Hj; exact (proj2_sig (Fin.to_nat j)).
  - exists c; intro j. apply (Hc (proj1_sig (Fin.to_nat j))); [apply (proj2_sig (Fin.to_nat j)) | reflexivity].
Qed.

(** box number b: radius 1/(m+1) around a rational center *)
Definition box {n} (b : nat) (u : vec n) : Prop :=
  let (m, c) := Cantor.of_nat b in near (/ INR (S m)) (center c) u.

Lemma near_triangle : forall n (a b c : vec n) x y,
  near x a b -> near y b c -> near (x + y) a c.
Proof.
  intros n a b c x y H1 H2 j; specialize (H1 j); specialize (H2 j).
  replace (c j - a j) with ((c j - b j) + (b j - a j)) by ring.
  apply Rle_lt_trans with (1 := Rabs_triang _ _); lra.
Qed.

Lemma near_sym : forall n (a b : vec n) x, near x a b -> near x b a.
Proof. intros n a b x H j; rewrite Rabs_minus_sym; apply H. Qed.

(** Step 1: inside each neighbourhood of w there is a box around w. *)
Lemma small_box : forall n (w : vec n) eps, 0 < eps ->
  exists b, box b w /\ forall u, box b u -> near eps w u.
Proof.
  intros n w eps He.
  destruct (archimedes (2 / eps)) as [m Hm].
  assert (HM : 0 < INR (S m)) by (apply lt_0_INR; lia).
  assert (Hr : 0 < / INR (S m)) by now apply Rinv_0_lt_compat.
  assert (H2 : / INR (S m) + / INR (S m) <= eps).
  { apply Rmult_le_reg_r with (1 := HM).
    replace ((/ INR (S m) + / INR (S m)) * INR (S m)) with 2 by (field; lra).
    apply Rmult_lt_compat_r with (r := eps) in Hm; [| lra].
    replace (2 / eps * eps) with 2 in Hm by (field; lra).
    rewrite S_INR; nra. }
  destruct (center_dense n w _ Hr) as [c Hc].
  exists (Cantor.to_nat (m, c)); unfold box; rewrite Cantor.cancel_of_to; split.
  - now apply near_sym.
  - intros u Hu j. apply Rlt_le_trans with (2 := H2). revert j.
    now apply near_triangle with (1 := Hc).
Qed.

(** a box is open *)
Lemma margin : forall n (a : vec n) r, (forall j, a j < r) ->
  exists d, 0 < d /\ forall j, a j + d <= r.
Proof.
  induction n; intros a r H; [exists 1; split; [lra | intro j; inversion j] |].
  destruct (IHn (fun j => a (Fin.FS j)) r) as (d & Hd & K); [auto |].
  assert (H1 := H Fin.F1).
  exists (Rmin d (r - a Fin.F1)); split; [apply Rmin_pos; lra |].
  assert (M1 := Rmin_l d (r - a Fin.F1)); assert (M2 := Rmin_r d (r - a Fin.F1)).
  intro j; pattern j; apply Fin.caseS'; [lra |].
  intro j'; specialize (K j'); lra.
Qed.

Lemma box_open : forall n b (w : vec n), box b w ->
  exists d, 0 < d /\ forall u, near d w u -> box b u.
Proof.
  unfold box; intros n b w; destruct (Cantor.of_nat b) as [m c]; intro H.
  destruct (margin n _ _ H) as (d & Hd & K).
  exists d; split; [exact Hd |]; intros u Hu j.
  apply Rlt_le_trans with (2 := K j).
  rewrite Rplus_comm; revert j; intro j; specialize (Hu j).
  replace (u j - center c j) with ((u j - w j) + (w j - center c j)) by ring.
  apply Rle_lt_trans with (1 := Rabs_triang _ _); lra.
Qed.

(** * A list from a numbering that serves one tilt a number at most *)

(** * A list from a numbering that serves one tilt a number at most *)
Lemma listing : forall (P : nat -> R -> Prop),
  (forall b t1 t2, P b t1 -> P b t2 -> t1 = t2) -> countable (fun t => exists b, P b t).
Proof.
  intros P Hone.
  (* the supremum of {-PI/2} and the one atan t, if there is one, is that atan t *)
  set (E b x := x = - (PI / 2) \/ exists t, P b t /\ x = atan t).
  assert (Hb : forall b, bound (E b)).
  { intro b; exists (PI / 2); intros x [-> | (t & _ & ->)]; [generalize PI_RGT_0; lra |].
    generalize (atan_bound t); lra. }
  assert (Hne : forall b, exists x, E b x) by (intro b; exists (- (PI / 2)); now left).
  exists (fun b => tan (proj1_sig (completeness (E b) (Hb b) (Hne b)))).
  intros t [b Ht]; exists b.
  destruct (completeness (E b) (Hb b) (Hne b)) as [s [Hup Hleast]]; simpl.
  replace s with (atan t); [apply tan_atan |].
  apply Rle_antisym.
  - apply Hup; right; now exists t.
  - apply Hleast; intros x [-> | (t' & Ht' & ->)].
    + generalize (atan_bound t); lra.
    + rewrite (Hone b t' t); auto; lra.
Qed.

Lemma countable_union : forall S1 S2 : R -> Prop, countable S1 -> countable S2 -> countable (fun t => S1 t \/ S2 t).
Proof.
  intros S1 S2 [l1 H1] [l2 H2].
  exists (fun k => let (a, m) := Cantor.of_nat k in match a with O => l1 m | _ => l2 m end).
  intros t [H | H]; [destruct (H1 t H) as [m <-]; exists (Cantor.to_nat (0%nat, m)) |
                     destruct (H2 t H) as [m <-]; exists (Cantor.to_nat (1%nat, m))];
    now rewrite Cantor.cancel_of_to.
Qed.

(** * Closed intervals, their end points chosen by suprema *)

Definition is_interval (S : R -> Prop) : Prop := forall a b t, S a -> S b -> a <= t <= b -> S t.
Definition is_closed (S : R -> Prop) : Prop :=
  forall t, (forall eps, 0 < eps -> exists s, S s /\ Rabs (s - t) < eps) -> S t.

Lemma upper_ends : forall P : nat -> R -> Prop, exists hi : nat -> Ext, forall k t,
  (P k t -> (t <= hi k)%ext) /\
  ((t <= hi k)%ext -> forall eps, 0 < eps -> exists b, P k b /\ t - eps < b).
Proof.
  intro P.
  set (E k x := x = - (PI / 2) \/ exists t, P k t /\ x = atan t).
  assert (Hb : forall k, bound (E k)).
  { intro k; exists (PI / 2); intros x [-> | (t & _ & ->)]; [generalize PI_RGT_0; lra |].
    generalize (atan_bound t); lra. }
  assert (Hne : forall k, exists x, E k x) by (intro k; exists (- (PI / 2)); now left).
  exists (fun k => let s := proj1_sig (completeness (E k) (Hb k) (Hne k)) in
    if Rlt_dec s (PI / 2) then if Rlt_dec (- (PI / 2)) s then Real (tan s) else minus_oo else plus_oo).
  intros k t; destruct (completeness (E k) (Hb k) (Hne k)) as [s [Up Least]]; simpl.
  assert (B := atan_bound t).
  assert (Mono : forall x y, x < y -> atan x < atan y) by (intros; now apply atan_increasing).
  split.
  - intro H; assert (Hs : atan t <= s) by (apply Up; right; now exists t).
    destruct (Rlt_dec s (PI / 2)) as [H1 | H1]; [| now left].
    destruct (Rlt_dec (- (PI / 2)) s) as [H2 | H2]; [| lra].
    apply le_fin; apply Rnot_lt_le; intro N; apply Mono in N.
    assert (atan (tan s) = s) by (apply atan_tan; lra). lra.
  - intros H eps He.
    assert (Hs : atan t <= s).
    { destruct (Rlt_dec s (PI / 2)) as [H1 | H1]; [| lra].
      destruct (Rlt_dec (- (PI / 2)) s) as [H2 | H2]; [| destruct H as [[] | H]; discriminate].
      apply le_fin in H; rewrite <- (atan_tan s) by lra.
      destruct H as [H | ->]; [left; now apply Mono | right; reflexivity]. }
    apply NNPP; intro N.
    assert (K : s <= atan (t - eps)).
    { apply Least; intros x [-> | (b & Hb' & ->)]; [generalize (atan_bound (t - eps)); lra |].
      apply Rnot_lt_le; intro L; apply N; exists b; split; [exact Hb' |].
      apply Rnot_le_lt; intros [L' | L']; [apply Mono in L'; lra | rewrite L' in L; lra]. }
    assert (atan (t - eps) < atan t) by (apply Mono; lra). lra.
Qed.

Lemma ends : forall P : nat -> R -> Prop,
  (forall k, is_interval (P k)) -> (forall k, is_closed (P k)) ->
  exists lo hi : nat -> Ext, forall k t, P k t <-> (lo k <= t)%ext /\ (t <= hi k)%ext.
Proof.
  intros P Int Cl.
  destruct (upper_ends P) as [hi Hi]; destruct (upper_ends (fun k t => P k (- t))) as [lo Lo].
  assert (Op : forall (s : Ext) (t : R), ((- s)%ext <= t)%ext <-> (- t <= s)%ext).
  { intros s t; rewrite !le_not_lt; destruct s; simpl; split; intros; lra || tauto. }
  exists (fun k => (- lo k)%ext), hi; intros k t; rewrite Op.
  destruct (Hi k t) as [Hi1 Hi2]; destruct (Lo k (- t)) as [Lo1 Lo2]; rewrite Ropp_involutive in Lo1.
  split; [auto |]; intros [L H].
  apply NNPP; intro N; apply N, Cl; intros eps He.
  destruct (Hi2 H eps He) as (b & Pb & Hb); destruct (Lo2 L eps He) as (a & Pa & Ha).
  destruct (Rle_dec (- a) t) as [A | A]; [destruct (Rle_dec t b) as [B | B] |].
  - exfalso; apply N; apply (Int k (- a) b); auto.
  - exists b; split; [exact Pb | rewrite Rabs_left; lra].
  - exists (- a); split; [exact Pa | rewrite Rabs_right; lra].
Qed.

(** * The tilts that one box serves *)

Definition minimizes_over {n} (b : nat) (F : vec n -> Ext) (w : vec n) : Prop :=
  box b w /\ forall u, box b u -> (F w <= F u)%ext.
Definition serves {n} (F : vec n -> Ext) (i : Fin.t n) (b : nat) (t : R) : Prop :=
  exists w, w i = 0 /\ (exists r : R, F w = r) /\ minimizes_over b (tilt F i t) w.

Lemma local_min_has_box : forall n (F : vec n -> Ext) w, local_min_n F w -> exists b, minimizes_over b F w.
Proof.
  intros n F w (eps & He & H); destruct (small_box n w eps He) as (b & Hw & Hb); exists b; split; auto.
Qed.

Lemma box_serves_local_min : forall n (F : vec n -> Ext) b w, minimizes_over b F w -> local_min_n F w.
Proof.
  intros n F b w [Hw H]; destruct (box_open n b w Hw) as (d & Hd & K); exists d; split; auto.
Qed.

Lemma tilts_have_boxes : forall n (F : vec n -> Ext) i t, zero_tilts F i t <-> exists b, serves F i b t.
Proof.
  intros n F i t; split.
  - intros (w & E & Fin & M); destruct (local_min_has_box n _ w M) as [b Hb]; exists b, w; auto.
  - intros (b & w & E & Fin & M); exists w; repeat split; auto; now apply box_serves_local_min with b.
Qed.

(** A tilt that a box serves is served by every w that the box has for another tilt. *)
Lemma two_tilts : forall n (F : vec n -> Ext) i b t1 t2 w1 w2 (r : R),
  w1 i = 0 -> F w1 = r -> w2 i = 0 -> (exists r2 : R, F w2 = r2) ->
  minimizes_over b (tilt F i t1) w1 -> minimizes_over b (tilt F i t2) w2 -> minimizes_over b (tilt F i t2) w1.
Proof.
  unfold tilt; intros n F i b t1 t2 w1 w2 r E1 V1 E2 [r2 V2] [B1 M1] [B2 M2]; split; auto.
  intros u Hu; assert (K1 := M1 w2 B2); assert (K2 := M2 w1 B1); specialize (M2 u Hu).
  rewrite E1, E2, V1, V2, !Rmult_0_r, Ropp_0 in *; simpl in *.
  apply le_fin in K1; apply le_fin in K2.
  replace (0 + r) with (0 + r2) by lra; exact M2.
Qed.

(** The tilts for which w minimizes over a box: r + t u_i <= F(u) for all u in it. *)
Lemma minimizes_iff : forall n (F : vec n -> Ext) i b t w (r : R), w i = 0 -> F w = r -> box b w ->
  (minimizes_over b (tilt F i t) w <-> forall u, box b u -> ((r + t * u i)%R <= F u)%ext).
Proof.
  intros n F i b t w r E V B; unfold minimizes_over, tilt; rewrite E, V, Rmult_0_r, Ropp_0; simpl.
  split; [intros [_ H] | intro H; split; auto]; intros u Hu; specialize (H u Hu);
    destruct (F u) as [x | |]; simpl in *; try apply le_fin; try apply le_fin in H; try lra;
    try (now left); destruct H as [[] | H]; discriminate.
Qed.

Lemma serves_iff : forall n (F : vec n -> Ext) i b w (r : R) t0, w i = 0 -> F w = r ->
  minimizes_over b (tilt F i t0) w ->
  forall t, serves F i b t <-> forall u, box b u -> ((r + t * u i)%R <= F u)%ext.
Proof.
  intros n F i b w r t0 E V M t; rewrite <- minimizes_iff with (w := w) by (auto; apply M).
  split.
  - intros (w2 & E2 & V2 & M2); now apply (two_tilts n F i b t0 t w w2 r).
  - intro H; exists w; repeat split; try apply H; auto; now exists r.
Qed.

Lemma serves_interval : forall n (F : vec n -> Ext) i b, is_interval (serves F i b).
Proof.
  intros n F i b a c t Ha Hc Ht; assert (Ha' := Ha); destruct Ha' as (w & E & [r V] & M).
  assert (S := serves_iff n F i b w r a E V M); apply S; rewrite S in Ha, Hc; intros u Hu.
  specialize (Ha u Hu); specialize (Hc u Hu).
  destruct (F u) as [x | |]; [| now left |]; [| destruct Ha as [[] | Ha]; discriminate].
  apply le_fin; apply le_fin in Ha; apply le_fin in Hc; destruct (Rle_dec 0 (u i)); nra.
Qed.

Lemma serves_closed : forall n (F : vec n -> Ext) i b, is_closed (serves F i b).
Proof.
  intros n F i b t H; destruct (H 1 Rlt_0_1) as (t0 & (w & E & [r V] & M) & _).
  assert (S := serves_iff n F i b w r t0 E V M); apply S; intros u Hu.
  assert (K : forall eps, 0 < eps -> exists s, Rabs (s - t) < eps /\ ((r + s * u i)%R <= F u)%ext).
  { intros eps He; destruct (H eps He) as (s & Hs & D); exists s; split; [exact D | now apply S]. }
  destruct (F u) as [x | |]; [| now left |].
  - apply le_fin, Rnot_lt_le; intro N.
    assert (A := Rabs_pos (u i)).
    destruct (K ((r + t * u i - x) / (Rabs (u i) + 1))) as (s & D & Hs); [apply Rdiv_lt_0_compat; lra |].
    apply le_fin in Hs.
    assert (T := Rle_abs ((t - s) * u i)); rewrite Rabs_mult, Rabs_minus_sym in T.
    apply Rmult_lt_compat_r with (r := Rabs (u i) + 1) in D; [| lra].
    replace ((r + t * u i - x) / (Rabs (u i) + 1) * (Rabs (u i) + 1)) with (r + t * u i - x) in D by (field; lra).
    assert (P := Rabs_pos (s - t)). nra.
  - destruct (K 1 Rlt_0_1) as (s & _ & [[] | Hs]); discriminate.
Qed.

(** * The theorems *)

(** "Countable or an interval", part 1, for any function F : R^n -> [-oo, oo].  The tilts that put a local minimum at
    w_i = 0 are a countable union of closed intervals [lo_k, hi_k] (one point, a half-line, all of R and the empty set
    count as such).  So they are countable, or they contain an interval. *)
Theorem thm_countable_1 :
  forall n (F : vec n -> Ext) (i : Fin.t n),
  (exists lo hi : nat -> Ext, forall t : R,
     zero_tilts F i t <-> exists k, (lo k <= t)%ext /\ (t <= hi k)%ext) /\
  (countable (zero_tilts F i) \/ exists a b, a < b /\ forall t, a <= t <= b -> zero_tilts F i t).
Proof.
  intros n F i; split.
  - destruct (ends (serves F i) (serves_interval n F i) (serves_closed n F i)) as (lo & hi & H).
    exists lo, hi; intro t; rewrite tilts_have_boxes; split; intros [k K]; exists k; now apply H.
  - destruct (classic (exists b t1 t2, t1 < t2 /\ serves F i b t1 /\ serves F i b t2)) as [(b & t1 & t2 & L & S1 & S2)
      | N].
    + right; exists t1, t2; split; [exact L |]; intros t Ht; apply tilts_have_boxes; exists b.
      now apply (serves_interval n F i b t1 t2).
    + left; destruct (listing (serves F i)) as [list Hl].
      * intros b t1 t2 S1 S2; destruct (Rtotal_order t1 t2) as [L | [E | L]]; [| exact E |]; exfalso; apply N.
        -- now exists b, t1, t2.
        -- now exists b, t2, t1.
      * exists list; intros t Ht; apply Hl; now apply tilts_have_boxes.
Qed.

(** Part 2: for all but countably many tilts, every such local minimum is sharp in coordinate i. *)
Theorem thm_countable_2 :
  forall n (F : vec n -> Ext) (i : Fin.t n),
  countable (fun t => exists w, w i = 0 /\ (exists r : R, F w = r) /\
                      local_min_n (tilt F i t) w /\ ~ sharp (tilt F i t) i w).
Proof.
  intros n F i.
  set (last b t := serves F i b t /\ forall s, serves F i b s -> s <= t).
  set (first b t := serves F i b t /\ forall s, serves F i b s -> t <= s).
  destruct (countable_union (fun t => exists b, last b t) (fun t => exists b, first b t)) as [list Hl].
  - apply listing; intros b t1 t2 [S1 L1] [S2 L2]; apply Rle_antisym; auto.
  - apply listing; intros b t1 t2 [S1 L1] [S2 L2]; apply Rle_antisym; auto.
  - exists list; intros t (w & E & [r V] & M & N); apply Hl.
    destruct (local_min_has_box n _ w M) as [b Hb].
    assert (St : serves F i b t) by (exists w; repeat split; try apply Hb; auto; now exists r).
    apply NNPP; intro No.
    assert (Up : exists s, serves F i b s /\ t < s).
    { apply NNPP; intro K; apply No; left; exists b; split; [exact St |]; intros s Hs.
      apply Rnot_lt_le; intro L; apply K; now exists s. }
    assert (Down : exists s, serves F i b s /\ s < t).
    { apply NNPP; intro K; apply No; right; exists b; split; [exact St |]; intros s Hs.
      apply Rnot_lt_le; intro L; apply K; now exists s. }
    destruct Up as (t2 & S2 & L2); destruct Down as (t1 & S1 & L1).
    assert (S := serves_iff n F i b w r t E V Hb).
    assert (K1 := proj1 (S t1) S1); assert (K2 := proj1 (S t2) S2).
    destruct (box_open n b w (proj1 Hb)) as (d & Hd & O).
    apply N; exists (Rmin (t - t1) (t2 - t)), d.
    generalize (Rmin_l (t - t1) (t2 - t)) (Rmin_r (t - t1) (t2 - t)) (Rmin_pos (t - t1) (t2 - t)); intros M1 M2 M3.
    split; [lra |]; split; [exact Hd |]; intros u Hu.
    specialize (K1 u (O u Hu)); specialize (K2 u (O u Hu)); unfold tilt; rewrite E, V, Rmult_0_r, Ropp_0.
    destruct (F u) as [x | |]; simpl; [| now left |].
    + apply le_fin; apply le_fin in K1; apply le_fin in K2.
      set (c := Rmin (t - t1) (t2 - t)) in *.
      destruct (Rle_dec 0 (u i)); [rewrite Rabs_right by lra | rewrite Rabs_left by lra]; nra.
    + destruct K1 as [[] | K1]; discriminate.
Qed.

(** Small steps: if F_t has a local minimum at w with w_i = 0, then the quotients of F are at least t to the right and
    at most t to the left. *)
Lemma near_step : forall n (w : vec n) i eps h,
  0 < eps -> Rabs h < eps -> near eps w (step w i h).
Proof.
  intros n w i eps h He Hh j; unfold step; destruct (Fin.eq_dec j i).
  - now replace (w j + h - w j) with h by ring.
  - now rewrite Rminus_diag_eq, Rabs_R0.
Qed.

(** The partial derivative of F in direction i at w is g, for a function with values in [-oo, oo]: the slopes to both
    sides are g. *)
Definition partial_ext {n} (F : vec n -> Ext) (i : Fin.t n) (w : vec n) (g : R) : Prop :=
  slope_left (fun h => F (step w i h)) 0 g /\ slope_right (fun h => F (step w i h)) 0 g.

(** A function with a partial derivative has no sharp minimum. *)
Lemma sharp_not_differentiable : forall n (F : vec n -> Ext) i t w, w i = 0 ->
  sharp (tilt F i t) i w -> ~ exists g, partial_ext F i w g.
Proof.
  intros n F i t w E (c & eps & Hc & He & S) (g & (r & Er & L) & (r' & Er' & R)).
  rewrite step_0 in Er, Er'; rewrite Er in Er'; injection Er' as <-.
  assert (V : forall h, Rabs h < eps -> ((r + t * h + c * Rabs h)%R <= F (step w i h))%ext).
  { intros h Hh; assert (K := S (step w i h) (near_step n w i eps h He Hh)); unfold tilt in K.
    rewrite step_same, E, Er, Rplus_0_l, Rmult_0_r, Ropp_0 in K; simpl in K.
    destruct (F (step w i h)) as [x | |]; simpl in K; [| now left |].
    - apply le_fin; apply le_fin in K; lra.
    - destruct K as [[] | K]; discriminate. }
  assert (H1 : ~ g < t + c / 2).
  { intro H; destruct (proj2 (R (t + c / 2)) H) as (d & Hd & K).
    set (h := Rmin d eps / 2).
    assert (Hh : 0 < h < d /\ h < eps).
    { unfold h; generalize (Rmin_l d eps) (Rmin_r d eps) (Rmin_pos d eps Hd He); lra. }
    specialize (K h (proj1 Hh)); specialize (V h ltac:(rewrite Rabs_right; lra)).
    rewrite Rabs_right in V by lra; rewrite Rplus_0_l in K; unfold quotient in K.
    destruct (F (step w i h)) as [x | |]; simpl in K.
    - apply le_fin in V; assert (Ex : x - r = (x - r) / h * h) by (field; lra).
      set (q := (x - r) / h) in *; nra.
    - destruct (Rlt_dec 0 h); simpl in K; [tauto | lra].
    - destruct V as [[] | V]; discriminate. }
  assert (H2 : ~ t - c / 2 < g).
  { intro H; destruct (proj1 (L (t - c / 2)) H) as (d & Hd & K).
    set (h := Rmin d eps / 2).
    assert (Hh : 0 < h < d /\ h < eps).
    { unfold h; generalize (Rmin_l d eps) (Rmin_r d eps) (Rmin_pos d eps Hd He); lra. }
    specialize (K h (proj1 Hh)); specialize (V (- h) ltac:(rewrite Rabs_Ropp, Rabs_right; lra)).
    rewrite Rabs_Ropp, Rabs_right in V by lra; rewrite Rplus_0_l in K; unfold quotient in K.
    destruct (F (step w i (- h))) as [x | |]; simpl in K.
    - apply le_fin in V; assert (Ex : x - r = (x - r) / - h * - h) by (field; lra).
      set (q := (x - r) / - h) in *; nra.
    - destruct (Rlt_dec 0 (- h)); simpl in K; [lra | tauto].
    - destruct V as [[] | V]; discriminate. }
  lra.
Qed.

(** Part 3: where F has a partial derivative, only countably many tilts put a local minimum at w_i = 0. *)
Theorem thm_countable_3 :
  forall n (F : vec n -> Ext) (i : Fin.t n),
  countable (fun t => exists w, w i = 0 /\ local_min_n (tilt F i t) w /\ exists g, partial_ext F i w g).
Proof.
  intros n F i; destruct (thm_countable_2 n F i) as [list Hl]; exists list.
  intros t (w & E & M & D); apply Hl; exists w; repeat split; auto.
  - destruct D as (g & (r & Er & _) & _); rewrite step_0 in Er; now exists r.
  - intro S; now apply (sharp_not_differentiable n F i t w E S).
Qed.

(** For a function with real values this is the partial derivative as everywhere else. *)
Lemma partial_is_partial_ext : forall n (F : vec n -> R) i w g, partial F i w g -> partial_ext (fun u => F u) i w g.
Proof.
  intros n F i w g D; split; [apply (derivative_slope_left (fun h => F (step w i h))) |
                              apply (derivative_slope_right (fun h => F (step w i h)))]; exact D.
Qed.

Lemma countable_smooth : forall n (F : vec n -> R) (i : Fin.t n),
  countable (fun t => exists w, w i = 0 /\ local_min_n (tilt F i t) w /\ exists g, partial F i w g).
Proof.
  intros n F i; destruct (thm_countable_3 n F i) as [list Hl]; exists list.
  intros t (w & E & M & g & D); apply Hl; exists w; repeat split; auto.
  exists g; now apply partial_is_partial_ext.
Qed.

(** Small steps: if F_t has a local minimum at w with w_i = 0, then the difference quotients of F are at least t to the
    right and at most t to the left. *)
Lemma quotients : forall n (F : vec n -> R) i t w, w i = 0 -> local_min_n (tilt F i t) w ->
  exists d, 0 < d /\ forall h, 0 < h < d ->
    (F (step w i h) - F w) / h >= t /\ (F (step w i (- h)) - F w) / (- h) <= t.
Proof.
  intros n F i t w E (d & Hd & H); exists d; split; auto; intros h Hh.
  assert (Hp := H (step w i h)); assert (Hm := H (step w i (- h))); unfold tilt in Hp, Hm.
  rewrite step_same, E, Rplus_0_l, Rmult_0_r, Ropp_0 in Hp, Hm; simpl in Hp, Hm; rewrite !Rplus_0_l in *.
  assert (Qp : F w <= - (t * h) + F (step w i h)).
  { apply le_fin, Hp, near_step; [exact Hd | rewrite Rabs_right; lra]. }
  assert (Qm : F w <= - (t * - h) + F (step w i (- h))).
  { apply le_fin, Hm, near_step; [exact Hd | rewrite Rabs_Ropp, Rabs_right; lra]. }
  split.
  - apply Rle_ge, Rmult_le_reg_r with h; [lra |].
    replace ((F (step w i h) - F w) / h * h) with (F (step w i h) - F w) by (field; lra). lra.
  - apply Rmult_le_reg_r with h; [lra |].
    replace ((F (step w i (- h)) - F w) / - h * h) with (F w - F (step w i (- h))) by (field; lra). lra.
Qed.

(** "The singularity is necessary." *)
Theorem cor_necessary :
  forall n (F : vec n -> R) (i : Fin.t n), ~ countable (zero_tilts F i) ->
  exists t1 t2 w, t1 < t2 /\ w i = 0 /\
    local_min_n (tilt F i t1) w /\ local_min_n (tilt F i t2) w /\
    (exists d, 0 < d /\ forall h, 0 < h < d ->
       (F (step w i h) - F w) / h >= t2 /\ (F (step w i (- h)) - F w) / (- h) <= t1) /\
    (* so F is not differentiable in direction i at w, *)
    (~ exists g, partial F i w g) /\
    (* and one-sided slopes, if there are any, are t2 - t1 apart at least *)
    (forall sl sr, slope_left (fun h => F (step w i h)) 0 sl -> slope_right (fun h => F (step w i h)) 0 sr ->
                   (sl <= t1)%ext /\ (t2 <= sr)%ext).
Proof.
  intros n F i Hunc.
  assert (H : exists b t1 t2, t1 < t2 /\ serves F i b t1 /\ serves F i b t2).
  { apply NNPP; intro Hno; apply Hunc.
    destruct (listing (serves F i)) as [list Hl].
    - intros b t1 t2 S1 S2; destruct (Rtotal_order t1 t2) as [L | [E | L]]; [| exact E |]; exfalso; apply Hno.
      + now exists b, t1, t2.
      + now exists b, t2, t1.
    - exists list; intros t Ht; apply Hl; now apply tilts_have_boxes. }
  destruct H as (b & t1 & t2 & Hlt & (w & E & [r V] & M1) & (w2 & E2 & V2 & M2)).
  apply (two_tilts n F i b t1 t2 w w2 r E V E2 V2 M1) in M2.
  apply box_serves_local_min in M1, M2.
  destruct (quotients n F i t1 w E M1) as (d1 & Hd1 & Q1).
  destruct (quotients n F i t2 w E M2) as (d2 & Hd2 & Q2).
  exists t1, t2, w; repeat (split; [assumption |]); split; [| split].
  - exists (Rmin d1 d2); split; [now apply Rmin_pos |]; intros h Hh.
    generalize (Rmin_l d1 d2) (Rmin_r d1 d2); intros.
    split; [apply Q2 | apply Q1]; lra.
  - intros [g D].
    destruct (D ((t2 - t1) / 2)) as [[d Hd] K]; [lra |]; simpl in K.
    set (h := Rmin d (Rmin d1 d2) / 2).
    assert (Hh : 0 < h < d /\ h < d1 /\ h < d2).
    { unfold h; generalize (Rmin_l d (Rmin d1 d2)) (Rmin_r d (Rmin d1 d2)) (Rmin_l d1 d2) (Rmin_r d1 d2)
        (Rmin_pos d (Rmin d1 d2) Hd (Rmin_pos d1 d2 Hd1 Hd2)); lra. }
    assert (Kp := K h); assert (Km := K (- h)); rewrite !Rplus_0_l, step_0 in *.
    rewrite Rabs_Ropp in Km; rewrite (Rabs_right h) in Kp, Km by lra.
    specialize (Kp ltac:(lra) ltac:(lra)); specialize (Km ltac:(lra) ltac:(lra)).
    apply Rabs_def2 in Kp; apply Rabs_def2 in Km.
    destruct (Q2 h ltac:(lra)) as [Qp _]; destruct (Q1 h ltac:(lra)) as [_ Qm]; lra.
  - intros sl sr (rl & El & Sl) (rr & Er & Sr).
    rewrite step_0 in El, Er; injection El as <-; injection Er as <-.
    split; apply le_not_lt; intro Hs.
    + destruct (proj1 (Sl t1) Hs) as (d & Hd & K).
      assert (Hm : 0 < Rmin d1 d) by now apply Rmin_pos.
      generalize (Rmin_l d1 d) (Rmin_r d1 d); intros.
      specialize (K (Rmin d1 d / 2)); specialize (Q1 (Rmin d1 d / 2)).
      simpl in K; rewrite Rplus_0_l in K; lra.
    + destruct (proj2 (Sr t2) Hs) as (d & Hd & K).
      assert (Hm : 0 < Rmin d2 d) by now apply Rmin_pos.
      generalize (Rmin_l d2 d) (Rmin_r d2 d); intros.
      specialize (K (Rmin d2 d / 2)); specialize (Q2 (Rmin d2 d / 2)).
      simpl in K; rewrite Rplus_0_l in K; lra.
Qed.

(** * Probability zero, for a random tilt *)

(** The null sets of a law on the line: a subset of a null set is one, and so is a countable union of null sets. *)
Definition null_sets (N : (R -> Prop) -> Prop) : Prop :=
  (forall S S' : R -> Prop, (forall t, S t -> S' t) -> N S' -> N S) /\
  (forall S : nat -> R -> Prop, (forall k, N (S k)) -> N (fun t => exists k, S k t)).
Definition without_atoms (N : (R -> Prop) -> Prop) : Prop := forall a, N (fun t => t = a).

Lemma countable_null : forall N S, null_sets N -> without_atoms N -> countable S -> N S.
Proof.
  intros N S [Sub Un] At [list Hl]; apply Sub with (fun t => exists k, t = list k); [| apply Un; intro; apply At].
  intros t Ht; destruct (Hl t Ht) as [k <-]; now exists k.
Qed.

(** "Probability zero", part 1: with a tilt without atoms, F_t has a local minimum with w_i = 0 with probability zero.
    *)
Theorem cor_probability_1 :
  forall n (F : vec n -> R) (i : Fin.t n) (N : (R -> Prop) -> Prop), null_sets N -> without_atoms N ->
  (forall w, w i = 0 -> exists g, partial F i w g) -> N (zero_tilts F i).
Proof.
  intros n F i N Hn Ha D; apply countable_null; auto.
  destruct (countable_smooth n F i) as [list Hl]; exists list; intros t (w & E & _ & M); apply Hl; exists w; auto.
Qed.

(** Part 2: for any F, one that is not sharp in coordinate i has probability zero. *)
Theorem cor_probability_2 :
  forall n (F : vec n -> Ext) (i : Fin.t n) (N : (R -> Prop) -> Prop), null_sets N -> without_atoms N ->
  N (fun t => exists w, w i = 0 /\ (exists r : R, F w = r) /\
              local_min_n (tilt F i t) w /\ ~ sharp (tilt F i t) i w).
Proof. intros n F i N Hn Ha; apply countable_null; auto; apply thm_countable_2. Qed.

(** Part 3: a random vector t of tilts.  Given the other components, the i-th is a random tilt as in part 1. *)
(* Scope: for each value of the other components; that the probabilities given these add up to zero (Fubini’s theorem,
   for a measurable set) is not proved. *)
Theorem cor_probability_3 :
  forall n (F : vec n -> R) (i : Fin.t n) (N : (R -> Prop) -> Prop), null_sets N -> without_atoms N ->
  (forall w, w i = 0 -> exists g, partial F i w g) ->
  forall t : vec n, N (fun s => exists w, w i = 0 /\ local_min_n (fun u => F u - dot (step t i (s - t i)) u) w).
Proof.
  intros n F i N Hn Ha D t.
  set (F' u := F u - (dot t u - t i * u i)).
  apply (proj1 Hn) with (zero_tilts F' i); [| apply cor_probability_1; auto].
  - intros s (w & E & M); exists w; split; [exact E |]; split; [now exists (F' w) |].
    replace (tilt F' i s) with (fun u => Real (F u - dot (step t i (s - t i)) u)); [exact M |].
    apply functional_extensionality; intro u; unfold tilt, F'; simpl; f_equal.
    assert (K : dot (step t i (s - t i)) u = dot t u + (s - t i) * u i).
    { unfold dot; rewrite (sum_ext _ _ (fun j => u j * step t i (s - t i) j)) by (intro; ring).
      rewrite linear_step, (sum_ext _ (fun j => u j * t j) (fun j => t j * u j)) by (intro; ring); ring. }
    rewrite K; ring.
  - intros w E; destruct (D w E) as [g Dg]; exists (g - (t i - t i)).
    apply (derivable_pt_lim_minus (fun h => F (step w i h)) (fun h => dot t (step w i h) - t i * step w i h i));
        [exact Dg |].
    apply polynomial_slope with (dot t w) 0; intro h; unfold dot; rewrite linear_step, step_same, E; ring.
Qed.

(** * Near misses *)

(** An interval is not countable: Cantor's nested intervals, the k-th avoids the k-th of the list. *)
Section Cantor.
Variable list : nat -> R.
Definition third (k : nat) (I : R * R) : R * R :=
  let (a, b) := I in
  if Rlt_dec (list k) ((a + b) / 2) then (b - (b - a) / 3, b) else (a, a + (b - a) / 3).
Fixpoint nest (k : nat) (I : R * R) : R * R :=
  match k with O => I | S k' => third k' (nest k' I) end.

Lemma nest_step : forall k I, fst (nest k I) < snd (nest k I) ->
  fst (nest k I) <= fst (nest (S k) I) < snd (nest (S k) I) /\
  snd (nest (S k) I) <= snd (nest k I) /\
  ~ fst (nest (S k) I) <= list k <= snd (nest (S k) I).
Proof.
  intros k I; simpl; destruct (nest k I) as [a b]; simpl; intro H.
  destruct (Rlt_dec (list k) ((a + b) / 2)); simpl; lra.
Qed.

Lemma avoid : forall a b, a < b -> exists x, a <= x <= b /\ forall k, list k <> x.
Proof.
  intros a b Hab; set (I := (a, b)).
  assert (Lt : forall k, fst (nest k I) < snd (nest k I)).
  { induction k; [exact Hab |]. now apply nest_step. }
  assert (Mono : forall k m, fst (nest k I) <= fst (nest (m + k) I) /\
                             snd (nest (m + k) I) <= snd (nest k I)).
  { intros k m; induction m; [simpl; lra |].
    assert (K := nest_step (m + k) I (Lt _)); change (S m + k)%nat with (S (m + k)). lra. }
  assert (Cross : forall k m, fst (nest k I) <= snd (nest m I)).
  { intros k m; destruct (Nat.le_ge_cases k m) as [H | H].
    - assert (K := Mono k (m - k)%nat); replace (m - k + k)%nat with m in K by lia.
      generalize (Lt m); lra.
    - assert (K := Mono m (k - m)%nat); replace (k - m + m)%nat with k in K by lia.
      generalize (Lt k); lra. }
  destruct (completeness (fun x => exists k, x = fst (nest k I))) as [x [Up Least]].
  - exists b; intros y (k & ->); exact (Cross k O).
  - exists a, O; reflexivity.
  - assert (In : forall k, fst (nest k I) <= x <= snd (nest k I)).
    { intro k; split; [apply Up; now exists k |]. apply Least; intros y (m & ->); apply Cross. }
    exists x; split; [exact (In O) |]; intros k E.
    destruct (nest_step k I (Lt k)) as (_ & _ & N); apply N; rewrite E; apply In.
Qed.
End Cantor.

Lemma interval_not_countable : forall a b, a < b -> ~ countable (fun t => a <= t <= b).
Proof.
  intros a b H [list K]; destruct (avoid list a b H) as (x & Hx & N).
  destruct (K x Hx) as [k E]; now apply (N k).
Qed.

(** "Countable" is too much without the derivative: F(w) = |w| on the line. *)
Lemma miss_thm_countable_without_derivative :
  ~ (forall n (F : vec n -> R) (i : Fin.t n), countable (zero_tilts F i)).
Proof.
  intro H; destruct (H 1%nat (fun w => Rabs (w Fin.F1)) Fin.F1) as [list K].
  apply (interval_not_countable (-1) 1); [lra |]; exists list; intros t Ht; apply K.
  exists (fun _ => 0); split; [reflexivity |]; split; [now exists (Rabs 0) |].
  exists 1; split; [lra |]; intros u _; apply le_fin; rewrite Rabs_R0.
  set (x := u Fin.F1).
  assert (M := Rle_abs (t * x)); rewrite Rabs_mult in M.
  assert (Rabs t <= 1) by (apply Rabs_le; lra).
  assert (0 <= Rabs x) by apply Rabs_pos; nra.
Qed.

(** "Every" is too much in part 2: w^2 with the tilt 0 has a minimum at 0 that is not sharp. *)
Lemma miss_thm_countable_every_tilt :
  ~ (forall n (F : vec n -> R) (i : Fin.t n) (t : R) w, w i = 0 -> local_min_n (tilt F i t) w ->
     sharp (tilt F i t) i w).
Proof.
  intro H.
  assert (D : exists g, partial_ext (fun w : vec 1 => w Fin.F1 ^ 2) Fin.F1 (fun _ => 0) g).
  { exists 0; apply (partial_is_partial_ext 1 (fun w => w Fin.F1 ^ 2)), polynomial_slope with 0 1.
    intro h; rewrite step_same; ring. }
  refine (sharp_not_differentiable 1 _ Fin.F1 0 (fun _ => 0) eq_refl (H _ _ _ _ _ eq_refl _) D).
  exists 1; split; [lra |]; intros u _; apply le_fin; generalize (pow2_ge_0 (u Fin.F1)); lra.
Qed.

(** With an atom the probability need not be zero: w^2 and the tilt 0. *)
Lemma miss_cor_probability_atom :
  ~ (forall n (F : vec n -> R) (i : Fin.t n) (N : (R -> Prop) -> Prop), null_sets N ->
     (forall w, w i = 0 -> exists g, partial F i w g) -> N (zero_tilts F i)).
Proof.
  intro H.
  (* the law that puts all its mass at 0: its null sets are those without 0 *)
  apply (H 1%nat (fun w => w Fin.F1 ^ 2) Fin.F1 (fun S => ~ S 0)).
  - split; [intros S S' Sub N S0; apply N; now apply Sub |]. intros S N [k S0]; now apply (N k).
  - intros w _; exists (2 * w Fin.F1); apply polynomial_slope with (w Fin.F1 ^ 2) 1; intro h; rewrite step_same; ring.
  - exists (fun _ => 0); split; [reflexivity |]; split; [now exists (0 ^ 2) |].
    exists 1; split; [lra |]; intros u _; apply le_fin; generalize (pow2_ge_0 (u Fin.F1)); lra.
Qed.

(** "Two tilts" do not make a singularity, as uncountably many do: F = w_1 w_2 + w_1^2 + (w_2^2 - 1)^2 is a polynomial,
    and both t = 1 and t = -1 put a local minimum at w_1 = 0. *)
Lemma miss_cor_necessary_two_tilts :
  let F (w : vec 2) := w Fin.F1 * w (Fin.FS Fin.F1) + w Fin.F1 ^ 2 + (w (Fin.FS Fin.F1) ^ 2 - 1) ^ 2 in
  zero_tilts F Fin.F1 1 /\ zero_tilts F Fin.F1 (-1) /\ forall w, exists g, partial F Fin.F1 w g.
Proof.
  intro F.
  assert (M : forall t, t = 1 \/ t = -1 -> zero_tilts F Fin.F1 t).
  { intros t Ht; exists (fun j => Fin.caseS' j (fun _ => R) 0 (fun _ => t)); split; [reflexivity |].
    split; [eexists; reflexivity |].
    exists 1; split; [lra |]; intros u Hu; unfold tilt, F; simpl; apply le_fin.
    assert (U := Hu (Fin.FS Fin.F1)); simpl in U; apply Rabs_def2 in U.
    set (x := u Fin.F1) in *; set (y := u (Fin.FS Fin.F1)) in *.
    assert (0 <= (x + (y - t) / 2) ^ 2) by apply pow2_ge_0.
    destruct Ht as [-> | ->].
    - assert (0 <= (y - 1) ^ 2 * ((y + 1) ^ 2 - 1 / 4)) by (apply Rmult_le_pos; [apply pow2_ge_0 | nra]). nra.
    - assert (0 <= (y + 1) ^ 2 * ((y - 1) ^ 2 - 1 / 4)) by (apply Rmult_le_pos; [apply pow2_ge_0 | nra]). nra. }
  split; [apply M; now left | split; [apply M; now right |]].
  intro w; exists (w (Fin.FS Fin.F1) + 2 * w Fin.F1); unfold F, partial.
  apply polynomial_slope with (w Fin.F1 * w (Fin.FS Fin.F1) + w Fin.F1 ^ 2 + (w (Fin.FS Fin.F1) ^ 2 - 1) ^ 2) 1; intro
      h.
  rewrite step_same, step_other by discriminate; ring.
Qed.

(** * Kinks elsewhere *)

(** "A kink of the loss serves as well."  x > 0 is not needed, and y = 0 is allowed. *)
Theorem prop_relu :
  forall x y beta : R, y <= 0 -> 0 < beta ->
  unique_min (fun w => (y - Rmax (w * x) 0) ^ 2 / 2 + beta * w ^ 2) 0.
Proof.
  intros x y beta Hy Hb w Hw.
  assert (0 < w ^ 2) by (rewrite <- Rsqr_pow2; now apply Rsqr_pos_lt).
  rewrite Rmult_0_l, (Rmax_left 0 0) by lra.
  assert (0 <= Rmax (w * x) 0) by apply Rmax_r.
  set (m := Rmax (w * x) 0) in *. assert (0 <= - y * m) by (apply Rmult_le_pos; lra). nra.
Qed.

(** Near miss: a positive target. *)
Lemma miss_prop_relu_positive :
  ~ (forall x y beta : R, 0 < beta -> unique_min (fun w => (y - Rmax (w * x) 0) ^ 2 / 2 + beta * w ^ 2) 0).
Proof.
  intro H; specialize (H 1 1 (1 / 4) ltac:(lra) 1 ltac:(lra)); cbv beta in H.
  rewrite Rmult_0_l, Rmult_1_l, (Rmax_left 0 0), (Rmax_left 1 0) in H by lra; lra.
Qed.

(** "The L1 interval without a kink." *)
Theorem prop_product :
  forall (L : R -> R) (g beta : R), derivative L 0 g -> 0 < beta ->
  let J u v := L (u * v) + beta / 2 * (u ^ 2 + v ^ 2) in
  (Rabs g < beta -> exists d, 0 < d /\ forall u v, Rabs u < d -> Rabs v < d ->
                    (u, v) <> (0, 0) -> J 0 0 < J u v) /\
  (Rabs g > beta -> ~ exists d, 0 < d /\ forall u v, Rabs u < d -> Rabs v < d -> J 0 0 <= J u v).
Proof.
  intros L g beta HL Hb J.
  assert (Err : forall eps, 0 < eps -> exists d, 0 < d /\ forall h, Rabs h < d ->
             Rabs (L h - L 0 - g * h) <= eps * Rabs h).
  { intros eps He; destruct (HL eps He) as [[d Hd] K]; simpl in K.
    exists d; split; auto; intros h Hh; destruct (Req_dec h 0) as [-> | Hh0].
    - replace (L 0 - L 0 - g * 0) with 0 by ring; rewrite Rabs_R0; lra.
    - specialize (K h Hh0 Hh); rewrite Rplus_0_l in K.
      replace (L h - L 0 - g * h) with (((L h - L 0) / h - g) * h) by (field; lra).
      rewrite Rabs_mult; apply Rmult_le_compat_r; [apply Rabs_pos | lra]. }
  assert (Prod : forall d u v, 0 < d -> Rabs u < Rmin 1 d -> Rabs v < Rmin 1 d -> Rabs (u * v) < d).
  { intros d u v Hd Hu Hv; rewrite Rabs_mult.
    generalize (Rmin_l 1 d) (Rmin_r 1 d) (Rabs_pos u) (Rabs_pos v); intros.
    apply Rle_lt_trans with (Rabs u * 1); [apply Rmult_le_compat_l |]; lra. }
  assert (AM : forall u v, Rabs (u * v) <= (u ^ 2 + v ^ 2) / 2) by
    (intros; apply Rabs_le; generalize (pow2_ge_0 (u + v)) (pow2_ge_0 (u - v)); lra).
  unfold J; split; intro Hg.
  - destruct (Err ((beta - Rabs g) / 2)) as (d & Hd & K); [lra |].
    exists (Rmin 1 d); split; [apply Rmin_pos; lra |]; intros u v Hu Hv Hne.
    specialize (K (u * v) (Prod d u v Hd Hu Hv)); specialize (AM u v).
    assert (Hs : 0 < u ^ 2 + v ^ 2).
    { destruct (Req_dec u 0) as [-> | Hu0]; [destruct (Req_dec v 0) as [-> | Hv0] |].
      - now destruct Hne.
      - assert (0 < v ^ 2) by (rewrite <- Rsqr_pow2; now apply Rsqr_pos_lt); nra.
      - assert (0 < u ^ 2) by (rewrite <- Rsqr_pow2; now apply Rsqr_pos_lt); nra. }
    rewrite Rmult_0_l; set (p := u * v) in *; set (s := u ^ 2 + v ^ 2) in *.
    assert (K1 := Rle_abs (- (L p - L 0 - g * p))); rewrite Rabs_Ropp in K1.
    assert (K2 := Rle_abs (- (g * p))); rewrite Rabs_Ropp, Rabs_mult in K2.
    assert (0 <= Rabs p) by apply Rabs_pos.
    replace (beta / 2 * (0 ^ 2 + 0 ^ 2)) with 0 by ring.
    assert ((beta - Rabs g) / 2 * Rabs p + Rabs g * Rabs p <= (beta + Rabs g) / 2 * (s / 2)).
    { replace ((beta - Rabs g) / 2 * Rabs p + Rabs g * Rabs p) with ((beta + Rabs g) / 2 * Rabs p) by field.
      apply Rmult_le_compat_l; [generalize (Rabs_pos g); lra | lra]. }
    nra.
  - intros (d0 & Hd0 & H).
    destruct (Err ((Rabs g - beta) / 2)) as (d & Hd & K); [lra |].
    set (u := Rmin d0 (Rmin 1 d) / 2).
    assert (Hm : 0 < Rmin d0 (Rmin 1 d)) by (repeat apply Rmin_pos; lra).
    generalize (Rmin_l d0 (Rmin 1 d)) (Rmin_r d0 (Rmin 1 d)); intros.
    assert (Hu : 0 < u /\ u < d0 /\ u < Rmin 1 d) by (unfold u; lra).
    assert (Sg : exists sg, (sg = 1 \/ sg = -1) /\ sg * g = Rabs g).
    { destruct (Rle_dec 0 g); [exists 1; rewrite Rabs_right by lra | exists (-1); rewrite Rabs_left by lra]; split;
        auto; ring. }
    destruct Sg as (sg & Sg & Eg).
    assert (Av : Rabs (- sg * u) = u).
    { rewrite Rabs_mult, Rabs_Ropp, (Rabs_right u) by lra.
      destruct Sg as [-> | ->]; [rewrite Rabs_R1 | rewrite Rabs_left by lra]; ring. }
    specialize (H u (- sg * u)). rewrite Av, (Rabs_right u) in H by lra.
    specialize (H ltac:(lra) ltac:(lra)).
    specialize (K (u * (- sg * u))).
    assert (Pd : Rabs (u * (- sg * u)) < d).
    { apply Prod; [exact Hd | rewrite Rabs_right |]; lra. }
    specialize (K Pd); rewrite Rabs_mult, Av, (Rabs_right u) in K by lra.
    rewrite Rmult_0_l in H.
    assert (K1 := Rle_abs (L (u * (- sg * u)) - L 0 - g * (u * (- sg * u)))).
    assert (E1 : g * (u * (- sg * u)) = - Rabs g * u ^ 2) by (rewrite <- Eg; ring).
    assert (E2 : sg ^ 2 = 1) by (destruct Sg as [-> | ->]; ring).
    assert (E3 : (- sg * u) ^ 2 = u ^ 2) by (replace ((- sg * u) ^ 2) with (sg ^ 2 * u ^ 2) by ring; rewrite E2; ring).
    rewrite E3 in H; assert (0 < u ^ 2) by nra; nra.
Qed.

(** Near miss: the edge.  With L(h) = -beta h - h^2 the objective falls along u = v. *)
Lemma miss_prop_product_edge :
  ~ (forall (L : R -> R) (g beta : R), derivative L 0 g -> 0 < beta ->
     let J u v := L (u * v) + beta / 2 * (u ^ 2 + v ^ 2) in
     Rabs g <= beta -> exists d, 0 < d /\ forall u v, Rabs u < d -> Rabs v < d -> J 0 0 <= J u v).
Proof.
  intro H; destruct (H (fun h => -1 * h - h ^ 2) (-1) 1) as (d & Hd & K).
  - apply polynomial_slope with 0 (-1); intro; ring.
  - lra.
  - rewrite Rabs_left; lra.
  - specialize (K (d / 2) (d / 2)); rewrite Rabs_right in K by lra; specialize (K ltac:(lra) ltac:(lra)).
    assert (0 < (d / 2) ^ 2) by nra. nra.
Qed.

(** * Balanced labels *)

(** * Balanced labels *)
Definition signs {m} (x : vec m) : Prop := forall j, x j = 1 \/ x j = -1.

(** The number of examples with x_j y_j = 1. *)
Definition hits {m} (x y : vec m) : R := sum (fun j => if Req_EM_T (x j * y j) 1 then 1 else 0).

Lemma softplus_slope : forall c, derivative (fun w => ln (1 + exp (- c * w))) 0 (- c / 2).
Proof.
  intro c.
  assert (E : exp (- c * 0) = 1) by (rewrite Rmult_0_r; apply exp_0).
  replace (- c / 2) with (/ (1 + exp (- c * 0)) * (0 + exp (- c * 0) * - c)) by (rewrite E; field).
  apply (derivable_pt_lim_comp (fun w => 1 + exp (- c * w)) ln).
  - apply (derivable_pt_lim_plus (fun _ => 1) (fun w => exp (- c * w))); [apply derivable_pt_lim_const |].
    apply (derivable_pt_lim_comp (fun w => - c * w) exp).
    + assert (K := derivable_pt_lim_scal id (- c) 0 1 (derivable_pt_lim_id 0)).
      rewrite Rmult_1_r in K; exact K.
    + apply derivable_pt_lim_exp.
  - apply derivable_pt_lim_ln; rewrite E; lra.
Qed.

Lemma softplus_tangent : forall c w, ln 2 - c / 2 * w <= ln (1 + exp (- c * w)).
Proof.
  intros c w.
  assert (P := exp_pos (- c / 2 * w)).
  replace (ln 2 - c / 2 * w) with (ln (2 * exp (- c / 2 * w))).
  - apply Rnot_lt_le; intro H; apply ln_lt_inv in H; [| generalize (exp_pos (- c * w)); lra | lra].
    replace (- c * w) with (- c / 2 * w + - c / 2 * w) in H by field.
    rewrite exp_plus in H; set (e := exp (- c / 2 * w)) in *; generalize (pow2_ge_0 (e - 1)); lra.
  - rewrite ln_mult, ln_exp by lra; field.
Qed.

(** The objective: logistic regression on one feature with ridge. *)
Definition logistic_ridge {m} (x y : vec m) (beta w : R) : R :=
  1 / INR m * sum (fun j => ln (1 + exp (- (y j * x j) * w))) + beta * w ^ 2.

(** "Balanced labels give an exact zero." *)
Theorem prop_balanced_1 :
  forall m (x y : vec m) (beta : R), (0 < m)%nat -> signs x -> signs y -> 0 < beta ->
  (unique_min (logistic_ridge x y beta) 0 <-> hits x y = INR m / 2).
Proof.
  intros m x y beta Hm Sx Sy Hb.
  assert (M : 0 < INR m) by now apply lt_0_INR.
  set (c := fun j => y j * x j).
  assert (Hits : sum c = 2 * hits x y - INR m).
  { unfold hits, Rminus. replace (- INR m) with (INR m * -1) by ring.
    rewrite <- sum_const, <- sum_scal, <- sum_plus; apply sum_ext; intro j; unfold c.
    destruct (Sx j) as [-> | ->], (Sy j) as [-> | ->];
      match goal with |- context [Req_EM_T ?a ?b] => destruct (Req_EM_T a b) end; lra. }
  set (F := fun w => 1 / INR m * sum (fun j => ln (1 + exp (- c j * w))) + beta * w ^ 2).
  change (unique_min F 0 <-> hits x y = INR m / 2).
  assert (D : derivative F 0 (1 / INR m * (- / 2 * sum c) + beta * (INR 2 * 0 ^ 1))).
  { apply (derivable_pt_lim_plus (fun w => 1 / INR m * sum (fun j => ln (1 + exp (- c j * w)))) (fun w => beta * w ^
      2)).
    - apply (derivable_pt_lim_scal (fun w => sum (fun j => ln (1 + exp (- c j * w))))).
      rewrite <- sum_scal; apply derivative_sum; intro j.
      replace (- / 2 * c j) with (- c j / 2) by field; apply softplus_slope.
    - apply (derivable_pt_lim_scal (fun w => w ^ 2)), (derivable_pt_lim_pow 0 2). }
  split; intro H.
  - assert (Z : 1 / INR m * (- / 2 * sum c) + beta * (INR 2 * 0 ^ 1) = 0).
    { apply (fermat F); [exact D |]. exists 1; split; [lra |]; intros w _.
      apply le_fin; destruct (Req_dec w 0) as [-> | Hw]; [lra |]. left; now apply H. }
    rewrite pow_1, !Rmult_0_r, Rplus_0_r in Z.
    apply Rmult_integral in Z; destruct Z as [Z | Z].
    + assert (0 < 1 / INR m) by (apply Rdiv_lt_0_compat; lra). lra.
    + rewrite Hits in Z; lra.
  - intros w Hw; unfold F.
    assert (S0 : sum (fun j => ln (1 + exp (- c j * 0))) = sum (fun _ : Fin.t m => ln 2)).
    { apply sum_ext; intro j; rewrite Rmult_0_r, exp_0; f_equal; lra. }
    rewrite S0.
    assert (T : sum (fun j => ln 2 + - / 2 * w * c j) <= sum (fun j => ln (1 + exp (- c j * w)))).
    { apply sum_le; intro j; generalize (softplus_tangent (c j) w); lra. }
    rewrite sum_plus, sum_scal, Hits, H in T.
    replace (- / 2 * w * (2 * (INR m / 2) - INR m)) with 0 in T by field.
    assert (0 < w ^ 2) by (rewrite <- Rsqr_pow2; now apply Rsqr_pos_lt).
    assert (0 < 1 / INR m) by (apply Rdiv_lt_0_compat; lra).
    assert (0 < beta * w ^ 2) by now apply Rmult_lt_0_compat.
    rewrite Rplus_0_r in T. rewrite pow_i, Rmult_0_r by lia.
    nra.
Qed.

(** The 2^m outcomes of m tosses of a fair coin. *)
Fixpoint tosses (m : nat) : list (vec m) :=
  match m with
  | O => [fun _ => 1]
  | S m' => map (cons 1) (tosses m') ++ map (cons (-1)) (tosses m')
  end.

Lemma cons_eq : forall n (y : vec (S n)), y = cons (y Fin.F1) (fun j => y (Fin.FS j)).
Proof. intros; apply functional_extensionality; intro j; pattern j; apply Fin.caseS'; reflexivity. Qed.

(** The list is right: it holds the vectors of signs, each of them once. *)
Lemma tosses_all : forall m (y : vec m), In y (tosses m) <-> signs y.
Proof.
  induction m; intro y; simpl.
  - split; [intros _ j; inversion j |]. intros _; left.
    apply functional_extensionality; intro j; inversion j.
  - rewrite in_app_iff, !in_map_iff; split.
    + intros [(x & <- & Hx) | (x & <- & Hx)] j; apply IHm in Hx; pattern j; apply Fin.caseS'; simpl; auto.
    + intro H; destruct (H Fin.F1) as [E | E]; [left | right]; exists (fun j => y (Fin.FS j)).
      * split; [rewrite <- E; symmetry; apply cons_eq | apply IHm; intro j; apply H].
      * split; [rewrite <- E; symmetry; apply cons_eq | apply IHm; intro j; apply H].
Qed.

Lemma cons_inj : forall n a b (x y : vec n), cons a x = cons b y -> a = b /\ x = y.
Proof.
  intros n a b x y E; split.
  - exact (f_equal (fun z => z Fin.F1) E).
  - apply functional_extensionality; intro j; exact (f_equal (fun z => z (Fin.FS j)) E).
Qed.

Lemma nodup_map : forall (A B : Type) (f : A -> B) l, (forall x y, f x = f y -> x = y) -> NoDup l -> NoDup (map f l).
Proof.
  intros A B f l Inj; induction 1; simpl; constructor; auto.
  rewrite in_map_iff; intros (y & E & Hy); apply Inj in E; now subst.
Qed.

Lemma nodup_app : forall (A : Type) (l l' : list A), NoDup l -> NoDup l' -> (forall x, In x l -> ~ In x l') -> NoDup
    (l ++ l').
Proof.
  intros A l l' H H' D; induction H; simpl; auto. constructor.
  - rewrite in_app_iff; intros [K | K]; [auto | now apply (D x); [left |]].
  - apply IHNoDup; intros y Hy; apply D; now right.
Qed.

Lemma tosses_once : forall m, NoDup (tosses m).
Proof.
  induction m; simpl; [repeat constructor; auto |].
  apply nodup_app; try (apply nodup_map; [intros x y E; now apply cons_inj in E | exact IHm]).
  intros x; rewrite !in_map_iff; intros (y & E & _) (z & E' & _).
  rewrite <- E in E'; apply cons_inj in E'; lra.
Qed.

Lemma tosses_length : forall m, length (tosses m) = (2 ^ m)%nat.
Proof. induction m; simpl; [reflexivity |]. rewrite app_length, !map_length, IHm; lia. Qed.

(** Counting *)
Fixpoint choose (m k : nat) : nat :=
  match m, k with
  | _, O => 1
  | O, S _ => 0
  | S m', S k' => choose m' k' + choose m' (S k')
  end%nat.

Definition has_hits {m} (x : vec m) (k : nat) (y : vec m) : bool :=
  if Req_EM_T (hits x y) (INR k) then true else false.

Lemma filter_map : forall (A B : Type) (f : A -> B) (p : B -> bool) l,
  length (filter p (map f l)) = length (filter (fun a => p (f a)) l).
Proof. induction l as [| a l IH]; simpl; [reflexivity |]. destruct (p (f a)); simpl; now rewrite IH. Qed.

Lemma filter_ext_length : forall (A : Type) (p p' : A -> bool) l, (forall a, p a = p' a) ->
  length (filter p l) = length (filter p' l).
Proof. intros A p p' l H; now rewrite (filter_ext p p' H). Qed.

Lemma hits_cons : forall m (x : vec (S m)) a y,
  hits x (cons a y) = (if Req_EM_T (x Fin.F1 * a) 1 then 1 else 0) + hits (fun j => x (Fin.FS j)) y.
Proof. reflexivity. Qed.

Lemma hits_nonneg : forall m (x y : vec m), 0 <= hits x y.
Proof.
  induction m; intros x y; unfold hits; simpl; [lra |].
  specialize (IHm (fun j => x (Fin.FS j)) (fun j => y (Fin.FS j))); unfold hits in IHm.
  destruct (Req_EM_T _ _); lra.
Qed.

Lemma count_hits : forall m (x : vec m) k, signs x ->
  length (filter (has_hits x k) (tosses m)) = choose m k.
Proof.
  induction m; intros x k Sx.
  - simpl; unfold has_hits, hits; simpl. destruct k.
    + simpl; destruct (Req_EM_T 0 0); [reflexivity | lra].
    + destruct (Req_EM_T 0 (INR (S k))) as [E | _]; [| reflexivity].
      exfalso; apply (not_0_INR (S k)); [lia | now rewrite E].
  - simpl tosses; rewrite filter_app, app_length, !filter_map.
    set (x' := fun j => x (Fin.FS j)).
    assert (Sx' : signs x') by (intro j; apply Sx).
    assert (Hit : forall a y, x Fin.F1 * a = 1 -> has_hits x k (cons a y) = match k with O => false | S k' => has_hits
        x' k' y end).
    { intros a y E; unfold has_hits; rewrite hits_cons; fold x'.
      destruct (Req_EM_T (x Fin.F1 * a) 1); [| lra].
      assert (P := hits_nonneg m x' y). destruct k; [| rewrite S_INR].
      - simpl; destruct (Req_EM_T _ 0); [lra | reflexivity].
      - destruct (Req_EM_T _ _), (Req_EM_T (hits x' y) (INR k)); auto; lra. }
    assert (Miss : forall a y, x Fin.F1 * a <> 1 -> has_hits x k (cons a y) = has_hits x' k y).
    { intros a y E; unfold has_hits; rewrite hits_cons; fold x'.
      destruct (Req_EM_T (x Fin.F1 * a) 1); [lra |]. now rewrite Rplus_0_l. }
    assert (Both : length (filter (fun y => match k with O => false | S k' => has_hits x' k' y end) (tosses m))
                   = match k with O => O | S k' => choose m k' end).
    { destruct k; [| now apply IHm]. clear; induction (tosses m); simpl; auto. }
    destruct (Sx Fin.F1) as [E | E].
    + rewrite (filter_ext_length _ _ _ _ (fun y => Hit 1 y ltac:(rewrite E; ring))).
      rewrite (filter_ext_length _ _ _ _ (fun y => Miss (-1) y ltac:(rewrite E; lra))).
      rewrite Both, IHm by assumption. destruct k; [destruct m |]; reflexivity.
    + rewrite (filter_ext_length _ _ _ _ (fun y => Miss 1 y ltac:(rewrite E; lra))).
      rewrite (filter_ext_length _ _ _ _ (fun y => Hit (-1) y ltac:(rewrite E; ring))).
      rewrite Both, IHm by assumption. destruct k; [destruct m |]; simpl; lia.
Qed.

(** The probability, as favourable outcomes over all outcomes: m = 2k labels are balanced with probability
    (2k choose k) / 2^(2k). *)
Theorem prop_balanced_2 :
  forall k (x : vec (2 * k)), signs x ->
  INR (length (filter (has_hits x k) (tosses (2 * k)))) / INR (length (tosses (2 * k)))
  = INR (choose (2 * k) k) / 2 ^ (2 * k).
Proof.
  intros k x Sx; rewrite count_hits, tosses_length by assumption.
  now rewrite pow_INR.
Qed.

(** Near miss: "at least half".  With one example and x y = 1 the minimum is not at zero. *)
Lemma miss_prop_balanced_at_least :
  ~ (forall m (x y : vec m) (beta : R), (0 < m)%nat -> signs x -> signs y -> 0 < beta ->
     (unique_min (logistic_ridge x y beta) 0 <-> hits x y >= INR m / 2)).
Proof.
  intro H.
  assert (S : signs (fun _ : Fin.t 1 => 1)) by (intro; now left).
  assert (K : hits (fun _ : Fin.t 1 => 1) (fun _ => 1) = 1).
  { unfold hits; simpl; rewrite Rmult_1_l; destruct (Req_EM_T 1 1); lra. }
  assert (U := proj2 (H 1%nat (fun _ => 1) (fun _ => 1) 1 ltac:(lia) S S Rlt_0_1)).
  apply (prop_balanced_1 1 (fun _ => 1) (fun _ => 1) 1 ltac:(lia) S S Rlt_0_1) in U; rewrite K in *; simpl in *; lra.
Qed.

(** * Probability zero, the part without measure theory *)

Lemma sum_cons : forall k a (d : vec k) (f : vec (S k)),
  sum (fun l => cons a d l * f l) = a * f Fin.F1 + sum (fun l => d l * f (Fin.FS l)).
Proof. reflexivity. Qed.

Lemma dot_right : forall m (v x y : vec m) c, dot v (fun r => x r + c * y r) = dot v x + c * dot v y.
Proof.
  intros; unfold dot; rewrite <- sum_scal, <- sum_plus; apply sum_ext; intro; ring.
Qed.
Lemma dot_sym : forall m (x y : vec m), dot x y = dot y x.
Proof. intros; unfold dot; apply sum_ext; intro; ring. Qed.

(** A vector is in the span of others, or some v is orthogonal to those and not to it. *)
Lemma span_or_normal : forall k m (u : Fin.t k -> vec m) (x : vec m),
  (exists c : vec k, forall r, x r = sum (fun l => c l * u l r)) \/
  (exists v, (forall l, dot v (u l) = 0) /\ dot v x = 1).
Proof.
  induction k; intros m u x.
  - destruct (classic (forall r, x r = 0)) as [Z | N]; [left; exists (fun _ => 0); intro r; now rewrite Z |].
    right; assert (P : 0 < sum (fun r => x r ^ 2)).
    { apply Rnot_le_lt; intro H; apply N, squares_zero, H. }
    exists (fun r => / sum (fun r => x r ^ 2) * x r); split; [intro l; inversion l |].
    unfold dot; rewrite (sum_ext _ _ (fun r => / sum (fun r => x r ^ 2) * x r ^ 2)) by (intro; ring).
    rewrite sum_scal; field; lra.
  - set (u0 := u Fin.F1); set (u' := fun l => u (Fin.FS l)).
    destruct (IHk m u' u0) as [[c Hc] | (p & Pu & P0)].
    + destruct (IHk m u' x) as [[d Hd] | (v & Vu & Vx)].
      * left; exists (cons 0 d); intro r; rewrite (sum_cons k 0 d (fun l => u l r)), Hd, Rmult_0_l, Rplus_0_l;
          reflexivity.
      * right; exists v; split; [| exact Vx]; intro l; pattern l; apply Fin.caseS'; [| exact Vu].
        fold u0; unfold dot; rewrite (sum_ext _ _ (fun r => sum (fun l => c l * (v r * u' l r)))).
        2: { intro r; rewrite Hc, <- sum_scal; apply sum_ext; intro; ring. }
        rewrite sum_swap, (sum_ext _ _ (fun _ => 0)); [apply sum_zero |].
        intro j; rewrite sum_scal; specialize (Vu j); unfold dot in Vu; rewrite Vu; ring.
    + destruct (IHk m u' (fun r => x r + - dot p x * u0 r)) as [[d Hd] | (v & Vu & Vx)].
      * left; exists (cons (dot p x) d); intro r; specialize (Hd r); rewrite (sum_cons k _ d (fun l => u l r)).
        change (sum (fun l => d l * u (Fin.FS l) r)) with (sum (fun l => d l * u' l r)); fold u0; lra.
      * right; exists (fun r => v r + - dot v u0 * p r).
        assert (E : forall y, dot (fun r => v r + - dot v u0 * p r) y = dot v y + - dot v u0 * dot p y).
        { intro y; rewrite dot_sym, dot_right, (dot_sym _ y v), (dot_sym _ y p); reflexivity. }
        rewrite dot_right in Vx.
        split.
        -- intro l; rewrite E; pattern l; apply Fin.caseS'; [fold u0; rewrite P0; ring |].
           intro j; rewrite (Vu j : dot v (u (Fin.FS j)) = 0), (Pu j : dot p (u (Fin.FS j)) = 0); ring.
        -- rewrite E; lra.
Qed.

(** Column i of X is in the span of the others: it is X c with c_i = 0. *)
Definition in_span_of_others {m n} (X : matrix m n) (i : Fin.t n) : Prop :=
  exists c : vec n, c i = 0 /\ forall r, X r i = times X c r.

(** The loss of a generalized linear model with its canonical link: sum_r A(x_r.w) - y.(Xw). *)
Definition canonical_loss {m n} (A : R -> R) (X : matrix m n) (y : vec m) (w : vec n) : R :=
  sum (fun r => A (dot (X r) w)) - dot y (times X w).

(** If column i is not in the span of the others, then there is a direction v for the targets along which, from
    whatever y one starts, only countably many y + s v give a local minimum with w_i = 0.  v is orthogonal to all other
    columns, and v.x_i = 1.  The penalty P has a partial derivative in direction i at every w with w_i = 0. *)
(* Scope: that a set of targets with countably many points on every line along v has probability zero under a density
   (Fubini’s theorem, for a measurable set) is not proved. *)
Theorem prop_column_outside_span :
  forall m n (A : R -> R) (X : matrix m n) (P : vec n -> R) (i : Fin.t n),
  (forall z, exists a, derivative A z a) -> (forall w, w i = 0 -> exists g, partial P i w g) ->
  ~ in_span_of_others X i ->
  exists v : vec m, dot v (column X i) = 1 /\ (forall j, j <> i -> dot v (column X j) = 0) /\
  forall y, countable (fun s => exists w, w i = 0 /\
    local_min_n (fun u => canonical_loss A X (fun r => y r + s * v r) u + P u) w).
Proof.
  intros m n A X P i DA DP Out.
  destruct (span_or_normal n m (fun j r => if Fin.eq_dec j i then 0 else X r j) (column X i)) as [[c Hc] | (v & V &
      Vi)].
  { exfalso; apply Out; exists (fun j => if Fin.eq_dec j i then 0 else c j).
    destruct (Fin.eq_dec i i); [| congruence]; split; [reflexivity |]; intro r.
    specialize (Hc r); unfold column in Hc; rewrite Hc; unfold times, dot; apply sum_ext; intro j.
    destruct (Fin.eq_dec j i); ring. }
  assert (V' : forall j, j <> i -> dot v (column X j) = 0).
  { intros j Hj; specialize (V j); cbv beta in V; destruct (Fin.eq_dec j i); [congruence | exact V]. }
  exists v; split; [exact Vi |]; split; [exact V' |]; intro y.
  set (F u := canonical_loss A X y u + P u).
  destruct (countable_smooth n F i) as [list Hl]; exists list; intros s (w & E & M); apply Hl; exists w.
  assert (T : (fun u => Real (canonical_loss A X (fun r => y r + s * v r) u + P u)) = tilt F i s).
  { apply functional_extensionality; intro u; unfold tilt, F; simpl; f_equal.
    assert (D : dot v (times X u) = u i).
    { rewrite dot_times, (sum_ext _ _ (fun j => if Fin.eq_dec j i then u j else 0)); [apply sum_pick |].
      intro j; destruct (Fin.eq_dec j i) as [-> | N]; [rewrite Vi; ring | rewrite V' by exact N; ring]. }
    unfold canonical_loss.
    rewrite (dot_sym _ _ (times X u)), dot_right, (dot_sym _ (times X u) v), D, (dot_sym _ (times X u) y); ring. }
  rewrite T in M; split; [exact E |]; split; [exact M |].
  destruct (DP w E) as [p Dp].
  assert (DA' : exists a : vec m, forall r, derivative A (dot (X r) w) (a r)).
  { clear - DA; induction m.
    - exists (fun _ => 0); intro r; inversion r.
    - destruct (IHm (fun r => X (Fin.FS r))) as [a Ha]; destruct (DA (dot (X Fin.F1) w)) as [a0 Ha0].
      exists (cons a0 a); intro r; pattern r; apply Fin.caseS'; [exact Ha0 | exact Ha]. }
  destruct DA' as [a Da].
  exists (sum (fun r => a r * X r i) - dot y (column X i) + p); unfold F, canonical_loss.
  apply (derivable_pt_lim_plus (fun h => sum (fun r => A (dot (X r) (step w i h))) - dot y (times X (step w i h)))
           (fun h => P (step w i h))); [| exact Dp].
  apply (derivable_pt_lim_minus (fun h => sum (fun r => A (dot (X r) (step w i h)))) (fun h => dot y (times X (step w
      i h)))).
  - apply (derivative_sum m (fun r h => A (dot (X r) (step w i h)))); intro r.
    apply (derivable_pt_lim_comp (fun h => dot (X r) (step w i h)) A).
    + apply polynomial_slope with (dot (X r) w) 0; intro h; unfold dot; rewrite linear_step; ring.
    + rewrite step_0; apply Da.
  - apply polynomial_slope with (dot y (times X w)) 0; intro h; unfold dot.
    rewrite (sum_ext _ _ (fun r => y r * times X w r + h * (y r * column X i r)))
      by (intro; rewrite times_step; unfold column; ring).
    rewrite sum_plus, sum_scal; ring.
Qed.

(** Near miss: with two equal columns it is false.  For least squares with the penalty w_1^2 every target y gives the
    minimum (0, y). *)
Lemma miss_prop_column_outside_span_equal_columns :
  let X : matrix 1 2 := fun _ _ => 1 in
  forall y, global_min (fun w => canonical_loss (fun z => z ^ 2 / 2) X (fun _ => y) w + w Fin.F1 ^ 2)
                       (cons 0 (fun _ => y)).
Proof.
  intros X y u; unfold canonical_loss, times, dot, X; simpl.
  set (a := u Fin.F1); set (b := u (Fin.FS Fin.F1)).
  generalize (pow2_ge_0 (a + b - y)) (pow2_ge_0 a); lra.
Qed.

(** Least squares with ridge. *)
Definition ridge_loss {m n} (X : matrix m n) (y : vec m) (beta : R) (w : vec n) : R :=
  sum (fun r => (y r - times X w r) ^ 2 / 2) + beta * sum (fun j => w j ^ 2).

Lemma ridge_stationary : forall m n (X : matrix m n) y beta w j,
  local_min_n (fun u => ridge_loss X y beta u) w -> dot (fun r => y r - times X w r) (column X j) = 2 * beta * w j.
Proof.
  intros m n X y beta w j (eps & He & M).
  assert (Z : - dot (fun r => y r - times X w r) (column X j) + 2 * beta * w j = 0); [| lra].
  apply (fermat (fun h => ridge_loss X y beta (step w j h))).
  - apply polynomial_slope with (ridge_loss X y beta w) (/ 2 * sum (fun r => X r j ^ 2) + beta); intro h.
    unfold ridge_loss.
    rewrite (sum_ext _ _ (fun r => (y r - times X w r) ^ 2 / 2 + (- h * ((y r - times X w r) * column X j r)
                                    + h ^ 2 / 2 * X r j ^ 2))) by (intro; rewrite times_step; unfold column; field).
    rewrite !sum_plus, !sum_scal; fold (dot (fun r => y r - times X w r) (column X j)).
    assert (K := sum_one n (fun k => step w j h k ^ 2) (fun k => w k ^ 2) j).
    cbv beta in K; rewrite step_same in K.
    replace (sum (fun k => step w j h k ^ 2)) with (sum (fun k => w k ^ 2) + ((w j + h) ^ 2 - w j ^ 2)).
    + field.
    + rewrite <- K; [ring |]; intros k Hk; now rewrite step_other.
  - exists eps; split; [exact He |]; intros h Hh; rewrite step_0; apply M, near_step; [exact He |].
    now rewrite Rminus_0_r in Hh.
Qed.

(** w_i is a.y, for one vector a, which is not orthogonal to x_i. *)
Lemma ridge_linear :
  forall m n (X : matrix m n) (i : Fin.t n) (beta : R), 0 < beta -> (exists r, X r i <> 0) ->
  exists a : vec m, dot a (column X i) > 0 /\
  (forall y w, local_min_n (fun u => ridge_loss X y beta u) w -> w i = dot a y) /\
  (forall y, exists w, global_min (ridge_loss X y beta) w).
Proof.
  intros m n X i beta Hb [r0 Hr0].
  (* a solves (2 beta I + X X^T) a = x_i *)
  set (K l r := (if Fin.eq_dec r l then 2 * beta else 0) + dot (X l) (X r)).
  assert (KD : forall v l, dot v (K l) = 2 * beta * v l + dot (fun j => dot v (column X j)) (X l)).
  { intros v l; unfold K.
    transitivity (sum (fun r => (if Fin.eq_dec r l then 2 * beta * v r else 0) + v r * times X (X l) r)).
    - unfold dot at 1; apply sum_ext; intro r; unfold times.
      rewrite (dot_sym _ (X l) (X r)).
      destruct (Fin.eq_dec r l); ring.
    - rewrite sum_plus, (sum_pick m (fun r => 2 * beta * v r)).
      change (sum (fun r => v r * times X (X l) r)) with (dot v (times X (X l))); now rewrite dot_times. }
  assert (Solve : forall x : vec m, exists q : vec m, forall r, x r = sum (fun l => q l * K l r)).
  { intro x; destruct (span_or_normal m m K x) as [H | (v & V & Vi)]; [exact H | exfalso].
    assert (Z : forall r, v r = 0).
    { apply squares_zero; apply Rmult_le_reg_l with (2 * beta); [lra |].
      assert (Q : sum (fun l => v l * dot v (K l)) = 0).
      { rewrite (sum_ext _ _ (fun _ => 0)), sum_zero; [reflexivity |]; intro l; rewrite V; ring. }
      rewrite (sum_ext _ _ (fun l => 2 * beta * v l ^ 2 + v l * times X (fun j => dot v (column X j)) l)) in Q.
      2: { intro l; rewrite KD; unfold times; rewrite (dot_sym _ (X l)); ring. }
      rewrite sum_plus, sum_scal in Q.
      change (sum (fun l => v l * times X (fun j => dot v (column X j)) l))
        with (dot v (times X (fun j => dot v (column X j)))) in Q.
      rewrite dot_times in Q.
      assert (P : 0 <= sum (fun j => dot v (column X j) * dot v (column X j))).
      { apply sum_nonneg; intro j; generalize (pow2_ge_0 (dot v (column X j))); lra. }
      lra. }
    unfold dot in Vi; rewrite (sum_ext _ _ (fun _ => 0)), sum_zero in Vi by (intro; rewrite Z; ring). lra. }
  assert (Pair : forall x q : vec m, (forall r, x r = sum (fun l => q l * K l r)) ->
    forall e, dot e x = sum (fun l => q l * dot e (K l))).
  { intros x q Hq e; unfold dot at 1; rewrite (sum_ext _ _ (fun r => sum (fun l => q l * (e r * K l r)))).
    2: { intro r; rewrite Hq, <- sum_scal; apply sum_ext; intro; ring. }
    rewrite sum_swap; apply sum_ext; intro l; rewrite sum_scal; reflexivity. }
  destruct (Solve (column X i)) as [a Ha].
  exists a; split; [| split].
  - (* a.x_i = 2 beta |a|^2 + |X^T a|^2 *)
    rewrite (Pair _ _ Ha a), (sum_ext _ _ (fun l => 2 * beta * a l ^ 2 + a l * times X (fun j => dot a (column X j))
        l)).
    2: { intro l; rewrite KD; unfold times; rewrite (dot_sym _ (X l)); ring. }
    rewrite sum_plus, sum_scal.
    change (sum (fun l => a l * times X (fun j => dot a (column X j)) l)) with (dot a (times X (fun j => dot a (column
        X j)))).
    rewrite dot_times.
    assert (P : 0 <= sum (fun j => dot a (column X j) * dot a (column X j))).
    { apply sum_nonneg; intro j; generalize (pow2_ge_0 (dot a (column X j))); lra. }
    assert (Q : 0 < sum (fun l => a l ^ 2)); [| nra].
    apply Rnot_le_lt; intro N; apply Hr0; assert (Z := squares_zero _ _ N).
    specialize (Ha r0); unfold column in Ha; rewrite Ha, (sum_ext _ _ (fun _ => 0)), sum_zero; [reflexivity |].
    intro l; rewrite Z; ring.
  - intros y w M.
    set (e := fun r => y r - times X w r).
    assert (St : forall j, dot e (column X j) = 2 * beta * w j) by (intro; now apply ridge_stationary).
    assert (E : dot e (column X i) = 2 * beta * dot a y).
    { rewrite (Pair _ _ Ha e); unfold dot at 2; rewrite <- sum_scal; apply sum_ext; intro l; rewrite KD.
      replace (dot (fun j => dot e (column X j)) (X l)) with (2 * beta * times X w l); [unfold e; ring |].
      unfold times, dot at 1 2; rewrite <- sum_scal; apply sum_ext; intro j; rewrite St; ring. }
    rewrite St in E; apply Rmult_eq_reg_l with (2 * beta); lra.
  - (* w = X^T q with (2 beta I + X X^T) q = y *)
    intro y; destruct (Solve y) as [q Hq].
    exists (fun j => dot q (column X j)).
    set (w := fun j => dot q (column X j)).
    assert (Res : forall l, y l - times X w l = 2 * beta * q l).
    { intro l.
      assert (S : y l = dot q (K l)).
      { rewrite Hq; unfold dot; apply sum_ext; intro r; unfold K; rewrite (dot_sym _ (X l) (X r)).
        destruct (Fin.eq_dec r l), (Fin.eq_dec l r); congruence. }
      rewrite S, KD; unfold times; rewrite (dot_sym _ (X l)); unfold w; ring. }
    intro u.
    set (d := fun j => u j - w j).
    assert (Ed : forall r, y r - times X u r = (y r - times X w r) - times X d r).
    { intro r; unfold times, d; rewrite (dot_sym _ (X r) u), (dot_sym _ (X r) w), (dot_sym _ (X r)).
      unfold dot; rewrite (sum_ext _ (fun j => (u j - w j) * X r j) (fun j => u j * X r j + -1 * (w j * X r j))) by
          (intro; ring).
      rewrite sum_plus, sum_scal; ring. }
    unfold ridge_loss.
    rewrite (sum_ext _ (fun r => (y r - times X u r) ^ 2 / 2)
      (fun r => (y r - times X w r) ^ 2 / 2 + (- (2 * beta) * (q r * times X d r) + / 2 * times X d r ^ 2))).
    2: { intro r; rewrite Ed, Res; field. }
    rewrite (sum_ext _ (fun j => u j ^ 2) (fun j => w j ^ 2 + (2 * (w j * d j) + d j ^ 2))) by (intro; unfold d; ring).
    rewrite !sum_plus, !sum_scal.
    assert (Same : sum (fun r => q r * times X d r) = sum (fun j => w j * d j)).
    { change (sum (fun r => q r * times X d r)) with (dot q (times X d)); now rewrite dot_times. }
    rewrite Same.
    assert (P1 : 0 <= sum (fun r => times X d r ^ 2)) by (apply sum_nonneg; intro; apply pow2_ge_0).
    assert (P2 : 0 <= sum (fun j => d j ^ 2)) by (apply sum_nonneg; intro; apply pow2_ge_0).
    assert (0 <= beta * sum (fun j => d j ^ 2)) by (apply Rmult_le_pos; lra). lra.
Qed.

(** "Ridge hits zero on no set of targets with a volume", part 1, least squares, any number of rows and columns: the
    minimum exists, w_i is a.y with one vector a <> 0, and the targets with w_i = 0 are a null set. *)
(* Scope: part 1, and the last sentence for least squares; part 2 is not proved; a density gives null sets the
   probability zero. *)
Theorem prop_ridge_never_1 :
  forall m n (X : matrix m n) (i : Fin.t n) (beta : R), 0 < beta -> (exists r, X r i <> 0) ->
  (forall y, exists w, global_min (ridge_loss X y beta) w) /\
  (exists a : vec m, (exists r, a r <> 0) /\ forall y w, global_min (ridge_loss X y beta) w -> w i = dot a y) /\
  null (fun y => exists w, global_min (ridge_loss X y beta) w /\ w i = 0).
Proof.
  intros m n X i beta Hb Hx; destruct (ridge_linear m n X i beta Hb Hx) as (a & Pa & Lin & Ex).
  assert (Lin' : forall y w, global_min (ridge_loss X y beta) w -> w i = dot a y).
  { intros y w M; apply Lin; exists 1; split; [lra |]; intros u _; apply le_fin, M. }
  assert (Na : exists j, a j <> 0).
  { apply NNPP; intro N; apply (Rlt_irrefl 0); replace 0 with (dot a (column X i)) at 2; [exact Pa |].
    unfold dot; rewrite (sum_ext _ _ (fun _ => 0)); [apply sum_zero |].
    intro j; destruct (Req_dec (a j) 0) as [-> | Nj]; [ring | exfalso; apply N; now exists j]. }
  split; [exact Ex |]; split; [now exists a |].
  destruct Na as [j Hj]; apply null_subset with (2 := hyperplane_null m a 0 j Hj).
  intros y (w & M & Z); now rewrite <- (Lin' y w M).
Qed.

(** Near miss: a column of zeros.  Its weight is zero for every target. *)
Lemma miss_prop_ridge_never_zero_column :
  ~ (forall m n (X : matrix m n) (i : Fin.t n) (beta : R), 0 < beta ->
     exists a : vec m, (exists r, a r <> 0) /\ forall y w, global_min (ridge_loss X y beta) w -> w i = dot a y).
Proof.
  intro H; destruct (H 1%nat 1%nat (fun _ _ => 0) Fin.F1 1 Rlt_0_1) as (a & (r & Ha) & K).
  assert (S : dot a a = 0).
  { symmetry; apply (K a (fun _ => 0)); intro u; unfold ridge_loss, times, dot; simpl.
    generalize (pow2_ge_0 (u Fin.F1)); lra. }
  apply Ha, squares_zero; right; rewrite <- S; unfold dot; apply sum_ext; intro; ring.
Qed.

(** * Random features *)

(** The matrix X with x as its column i. *)
Definition with_column {m n} (X : matrix m n) (i : Fin.t n) (x : vec m) : matrix m n :=
  fun r j => if Fin.eq_dec j i then x r else X r j.

(** The ridge objective of a model with the losses l_r. *)
Definition ridge_objective {m n} (l : Fin.t m -> R -> R) (X : matrix m n) (beta : R) (w : vec n) : R :=
  sum (fun r => l r (times X w r)) + beta * sum (fun j => w j ^ 2).

Lemma random_feature : forall m n (l l' : Fin.t m -> R -> R) (X : matrix m n) (i : Fin.t n) (beta : R), 0 < beta ->
  (forall r, convex (l r)) -> (forall r z, derivative (l r) z (l' r z)) -> (forall r z, l' r z <> 0) ->
  exists res : vec m, (forall r, res r <> 0) /\
  forall x w, global_min (ridge_objective l (with_column X i x) beta) w -> w i = 0 -> dot res x = 0.
Proof.
  intros m n l l' X i beta Hb Cl Dl Nl.
  set (F x := ridge_objective l (with_column X i x) beta).
  assert (Same : forall x x' u, u i = 0 -> forall r, times (with_column X i x) u r = times (with_column X i x') u r).
  { intros x x' u Hu r; unfold times, dot, with_column; apply sum_ext; intro j.
    destruct (Fin.eq_dec j i) as [-> | N]; [rewrite Hu; ring | reflexivity]. }
  assert (SameF : forall x x' u, u i = 0 -> F x u = F x' u).
  { intros x x' u Hu; unfold F, ridge_objective; f_equal; apply sum_ext; intro r; now rewrite (Same x x'). }
  destruct (classic (exists x0 w0, global_min (F x0) w0 /\ w0 i = 0)) as [(x0 & w0 & M0 & Z0) | None].
  2: { exists (fun _ => 1); split; [intro; lra |]; intros x w M Z; exfalso; apply None; now exists x, w. }
  exists (fun r => l' r (times (with_column X i x0) w0 r)); split; [intro; apply Nl |].
  intros x w M Z; fold (F x) in M.
  (* w = w0, as the objective is strictly convex *)
  assert (Ew : w = w0).
  { apply functional_extensionality; intro j; apply Rminus_diag_uniq.
    apply (squares_zero n (fun j => w j - w0 j)).
    assert (E : F x w0 <= F x w).
    { rewrite (SameF x x0 w0 Z0), (SameF x x0 w Z); apply M0. }
    assert (Mid := M (fun j => 1 / 2 * w j + (1 - 1 / 2) * w0 j)).
    assert (C : sum (fun r => l r (times (with_column X i x) (fun j => 1 / 2 * w j + (1 - 1 / 2) * w0 j) r))
      <= sum (fun r => 1 / 2 * l r (times (with_column X i x) w r) + (1 - 1 / 2) * l r (times (with_column X i x) w0
          r))).
    { apply sum_le; intro r.
      replace (times (with_column X i x) (fun j => 1 / 2 * w j + (1 - 1 / 2) * w0 j) r)
        with (1 / 2 * times (with_column X i x) w r + (1 - 1 / 2) * times (with_column X i x) w0 r).
      - apply Cl; lra.
      - unfold times, dot; rewrite <- !sum_scal, <- sum_plus; apply sum_ext; intro; ring. }
    rewrite sum_plus, !sum_scal in C.
    assert (S : sum (fun j => (1 / 2 * w j + (1 - 1 / 2) * w0 j) ^ 2)
                = 1 / 2 * sum (fun j => w j ^ 2) + 1 / 2 * sum (fun j => w0 j ^ 2) + - (1 / 4) * sum (fun j => (w j -
                    w0 j) ^ 2)).
    { rewrite <- !sum_scal, <- !sum_plus; apply sum_ext; intro; field. }
    unfold F, ridge_objective in Mid, E; rewrite S in Mid.
    set (d := sum (fun j => (w j - w0 j) ^ 2)) in *; nra. }
  subst w.
  (* the slope along coordinate i is res.x *)
  rewrite <- (Rplus_0_r (dot _ x)).
  apply (fermat (fun h => F x (step w0 i h))).
  - apply (derivable_pt_lim_plus (fun h => sum (fun r => l r (times (with_column X i x) (step w0 i h) r)))
             (fun h => beta * sum (fun j => step w0 i h j ^ 2))).
    + apply (derivative_sum m (fun r h => l r (times (with_column X i x) (step w0 i h) r))
               (fun r => l' r (times (with_column X i x0) w0 r) * x r)); intro r.
      apply (derivable_pt_lim_comp (fun h => times (with_column X i x) (step w0 i h) r) (l r)).
      * apply polynomial_slope with (times (with_column X i x) w0 r) 0; intro h; rewrite times_step.
        unfold with_column at 2; destruct (Fin.eq_dec i i); [ring | congruence].
      * rewrite step_0, (Same x0 x w0 Z0 r); apply Dl.
    + apply polynomial_slope with (beta * sum (fun j => w0 j ^ 2)) beta; intro h.
      assert (K := sum_one n (fun k => step w0 i h k ^ 2) (fun k => w0 k ^ 2) i).
      cbv beta in K; rewrite step_same, Z in K.
      replace (sum (fun k => step w0 i h k ^ 2)) with (sum (fun k => w0 k ^ 2) + ((0 + h) ^ 2 - 0 ^ 2)).
      * ring.
      * rewrite <- K; [ring |]; intros k Hk; now rewrite step_other.
  - exists 1; split; [lra |]; intros h _; apply le_fin; rewrite step_0; apply M.
Qed.

Lemma convex_from_tangents : forall f : R -> R, (forall x, exists a, forall u, f x + a * (u - x) <= f u) -> convex f.
Proof.
  intros f H x y t Ht; destruct (H (t * x + (1 - t) * y)) as [a K]; assert (K1 := K x); assert (K2 := K y).
  set (z := t * x + (1 - t) * y) in *; assert (Z : a * (t * (x - z)) + a * ((1 - t) * (y - z)) = 0) by (unfold z; ring).
  apply Rmult_le_compat_l with (r := t) in K1; [| lra]; apply Rmult_le_compat_l with (r := 1 - t) in K2; lra.
Qed.

Definition softplus (z : R) : R := ln (1 + exp z).
Definition logistic (z : R) : R := exp z / (1 + exp z).

Lemma softplus_derivative : forall z, derivative softplus z (logistic z).
Proof.
  intro z; unfold softplus, logistic; assert (P := exp_pos z).
  replace (exp z / (1 + exp z)) with (/ (1 + exp z) * (0 + exp z)) by (field; lra).
  apply (derivable_pt_lim_comp (fun w => 1 + exp w) ln).
  - apply (derivable_pt_lim_plus (fun _ => 1) exp); [apply derivable_pt_lim_const | apply derivable_pt_lim_exp].
  - apply derivable_pt_lim_ln; lra.
Qed.

Lemma softplus_convex : convex softplus.
Proof.
  apply convex_from_tangents; intro x; exists (logistic x); intro u.
  assert (Px := exp_pos x); assert (Pu := exp_pos u).
  set (p := logistic x); set (d := u - x).
  assert (Hp : p * (1 + exp x) = exp x) by (unfold p, logistic; field; lra).
  (* e^(p d) <= 1 - p + p e^d *)
  assert (Main : exp (p * d) * (1 + exp x) <= 1 + exp u).
  { assert (E1 : 1 + - (p * d) <= exp (- (p * d))) by apply exp_ineq1_le.
    assert (E2 : 1 + (1 - p) * d <= exp ((1 - p) * d)) by apply exp_ineq1_le.
    assert (Pp : 0 < p) by (apply Rdiv_lt_0_compat; lra).
    assert (Lp : p < 1) by nra.
    assert (Pe := exp_pos (p * d)).
    assert (S : 1 <= (1 - p) * exp (- (p * d)) + p * exp ((1 - p) * d)) by nra.
    assert (I1 : exp (p * d) * exp (- (p * d)) = 1) by (rewrite <- exp_plus, Rplus_opp_r; apply exp_0).
    assert (I2 : exp (p * d) * exp ((1 - p) * d) = exp d) by (rewrite <- exp_plus; f_equal; ring).
    assert (Ed : exp d * exp x = exp u) by (rewrite <- exp_plus; f_equal; unfold d; ring).
    apply Rmult_le_compat_l with (r := exp (p * d)) in S; [| lra].
    assert (T : exp (p * d) <= (1 - p) + p * exp d) by (rewrite <- I2; nra).
    apply Rmult_le_compat_r with (r := 1 + exp x) in T; [| lra].
    replace (((1 - p) + p * exp d) * (1 + exp x)) with (1 + exp u) in T; [exact T |].
    replace (((1 - p) + p * exp d) * (1 + exp x)) with (1 + exp x - p * (1 + exp x) + exp d * (p * (1 + exp x))) by
        ring.
    rewrite Hp, <- Ed; ring. }
  unfold softplus; fold p d.
  apply Rle_trans with (ln (exp (p * d) * (1 + exp x))).
  - rewrite ln_mult, ln_exp by (try apply exp_pos; lra); lra.
  - destruct Main as [Main | ->]; [left; apply ln_increasing; [apply Rmult_lt_0_compat; [apply exp_pos | lra] | exact
      Main] | lra].
Qed.

(** "Labels, and a feature with a density": ridge logistic regression with labels 1 and -1.  Given the other columns and
    the labels, the features x_i for which the minimum has w_i = 0 are a null set. *)
(* Scope: “with probability zero” is said as “a null set”; a density of the feature gives null sets the probability
    zero. *)
Theorem prop_random_feature :
  forall m n (X : matrix m n) (y : vec m) (i : Fin.t n) (beta : R), 0 < beta -> (0 < m)%nat -> signs y ->
  let objective x w :=
    sum (fun r => ln (1 + exp (- y r * times (with_column X i x) w r))) + beta * sum (fun j => w j ^ 2) in
  null (fun x => exists w, global_min (objective x) w /\ w i = 0).
Proof.
  intros m n X y i beta Hb Hm Sy objective.
  destruct (random_feature m n (fun r z => softplus (- y r * z)) (fun r z => logistic (- y r * z) * - y r) X i beta Hb)
    as (res & N & H).
  - intros r a b t Ht.
    replace (- y r * (t * a + (1 - t) * b)) with (t * (- y r * a) + (1 - t) * (- y r * b)) by ring.
    now apply softplus_convex.
  - intros r z; apply (derivable_pt_lim_comp (fun z => - y r * z) softplus); [| apply softplus_derivative].
    assert (K := derivable_pt_lim_scal id (- y r) z 1 (derivable_pt_lim_id z)); rewrite Rmult_1_r in K; exact K.
  - intros r z; apply Rmult_integral_contrapositive; split.
    + assert (P := exp_pos (- y r * z)); assert (0 < logistic (- y r * z)); [| lra].
      apply Rdiv_lt_0_compat; lra.
    + destruct (Sy r) as [-> | ->]; lra.
  - destruct m as [| m]; [lia |].
    apply null_subset with (2 := hyperplane_null (S m) res 0 Fin.F1 (N Fin.F1)).
    intros x (w & M & Z); now apply (H x w).
Qed.

(** Near miss: residuals that may vanish.  Least squares with the target 0 has w = 0 for every feature. *)
Lemma miss_prop_random_feature_least_squares :
  forall x : vec 1, global_min (fun u : vec 1 =>
    canonical_loss (fun z => z ^ 2 / 2) (with_column (fun _ _ => 0) Fin.F1 x) (fun _ => 0) u + 1 * sum (fun j => u j ^
        2))
    (fun _ => 0).
Proof.
  intros x u; unfold canonical_loss, times, dot; simpl; unfold with_column; simpl.
  generalize (pow2_ge_0 (u Fin.F1)) (pow2_ge_0 (x Fin.F1 * u Fin.F1 + 0)); lra.
Qed.
