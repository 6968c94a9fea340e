(** Null sets of R^n, the sets of Lebesgue measure zero: a law that has a density gives them the probability zero, and
    so "with probability zero" is proved here as "is a null set". Hyperplanes are null sets. Nothing here is a
    statement of the book. *)
From Coq Require Import List.
Require Import Basics.
Import ListNotations.

Fixpoint product {n} : vec n -> R :=
  match n with
  | O => fun _ => 1
  | S m => fun f => f Fin.F1 * product (fun j => f (Fin.FS j))
  end.

(** A box, from its lowest to its highest corner, and what a list of boxes has as its volume. *)
Definition box_of (n : nat) := (vec n * vec n)%type.
Definition inside {n} (b : box_of n) (w : vec n) : Prop := forall j, fst b j <= w j <= snd b j.
Definition volume {n} (b : box_of n) : R := product (fun j => snd b j - fst b j).
Definition volumes {n} (l : list (box_of n)) : R := fold_right (fun b s => volume b + s) 0 l.

(** A set is null if for each eps > 0 there are boxes that cover it, in a sequence of finite lists, with volumes that
    add up to eps at most. *)
Definition null {n} (S : vec n -> Prop) : Prop :=
  forall eps, 0 < eps -> exists boxes : nat -> list (box_of n),
    (forall w, S w -> exists k b, In b (boxes k) /\ inside b w) /\
    (forall k b, In b (boxes k) -> forall j, fst b j <= snd b j) /\
    (forall N, sum (fun k : Fin.t N => volumes (boxes (proj1_sig (Fin.to_nat k)))) <= eps).

Lemma null_subset : forall n (S S' : vec n -> Prop), (forall w, S w -> S' w) -> null S' -> null S.
Proof.
  intros n S S' Sub H eps He; destruct (H eps He) as (boxes & C & P & V); exists boxes; split; auto.
Qed.

Lemma null_empty : forall n, null (fun _ : vec n => False).
Proof.
  intros n eps He; exists (fun _ => []); split; [intros w [] |]; split; [intros k b [] |]; intro N.
  unfold volumes; simpl; rewrite sum_zero; lra.
Qed.

Lemma volumes_app : forall n (l l' : list (box_of n)), volumes (l ++ l') = volumes l + volumes l'.
Proof. induction l as [| b l IH]; intro l'; unfold volumes in *; simpl; [ring |]. rewrite IH; ring. Qed.

Lemma null_union : forall n (S1 S2 : vec n -> Prop), null S1 -> null S2 -> null (fun w => S1 w \/ S2 w).
Proof.
  intros n S1 S2 H1 H2 eps He.
  destruct (H1 (eps / 2)) as (b1 & C1 & P1 & V1); [lra |]; destruct (H2 (eps / 2)) as (b2 & C2 & P2 & V2); [lra |].
  exists (fun k => b1 k ++ b2 k); split; [| split].
  - intros w [H | H]; [destruct (C1 w H) as (k & b & I & W) | destruct (C2 w H) as (k & b & I & W)];
      exists k, b; (split; [apply in_or_app; auto | exact W]).
  - intros k b I; apply in_app_or in I; destruct I as [I | I]; [now apply (P1 k) | now apply (P2 k)].
  - intro N; rewrite (sum_ext _ _ (fun k => volumes (b1 (proj1_sig (Fin.to_nat k))) + volumes (b2 (proj1_sig
      (Fin.to_nat k)))))
      by (intro; apply volumes_app).
    rewrite sum_plus; specialize (V1 N); specialize (V2 N); lra.
Qed.

Lemma abs_le_between : forall x a, Rabs x <= a -> - a <= x <= a.
Proof. intros x a; generalize (abs_between x); lra. Qed.

(** * Grids *)

Definition in_front {n} (a : R) (d : vec n) : vec (S n) := fun j => Fin.caseS' j (fun _ => R) a d.

Fixpoint grid (n : nat) : (Fin.t n -> list R) -> list (vec n) :=
  match n with
  | O => fun _ => [fun _ => 0]
  | S m => fun c => flat_map (fun a => map (in_front a) (grid m (fun j => c (Fin.FS j)))) (c Fin.F1)
  end.

Lemma grid_all : forall n c (w : vec n), (forall j, In (w j) (c j)) -> In w (grid n c).
Proof.
  induction n; intros c w H; simpl.
  - left; apply functional_extensionality; intro j; inversion j.
  - apply in_flat_map; exists (w Fin.F1); split; [apply H |].
    apply in_map_iff; exists (fun j => w (Fin.FS j)); split; [| apply IHn; intro; apply H].
    apply functional_extensionality; intro j; pattern j; apply Fin.caseS'; reflexivity.
Qed.

Lemma grid_length : forall n c, INR (length (grid n c)) = product (fun j => INR (length (c j))).
Proof.
  induction n; intro c; [reflexivity |]; simpl.
  rewrite <- IHn; induction (c Fin.F1) as [| a l IH]; [simpl; ring |].
  cbn [flat_map length]; rewrite app_length, map_length, plus_INR, IH, S_INR; ring.
Qed.

Lemma product_mult : forall n (f g : vec n), product (fun j => f j * g j) = product f * product g.
Proof. induction n; intros f g; simpl; [ring |]. rewrite (IHn (fun j => f (Fin.FS j)) (fun j => g (Fin.FS j))); ring.
    Qed.

Lemma product_ext : forall n (f g : vec n), (forall j, f j = g j) -> product f = product g.
Proof. intros n f g H; f_equal; now apply functional_extensionality. Qed.

(** One factor apart. *)
Lemma product_one : forall n (i : Fin.t n) x y,
  product (fun j => if Fin.eq_dec j i then x else y) = x * product (fun j => if Fin.eq_dec j i then 1 else y).
Proof.
  intros n i x y.
  transitivity (product (fun j => (if Fin.eq_dec j i then x else 1) * (if Fin.eq_dec j i then 1 else y))).
  - apply product_ext; intro j; destruct (Fin.eq_dec j i); ring.
  - rewrite product_mult; f_equal.
    assert (One : forall m, product (fun _ : Fin.t m => 1) = 1) by (induction m; simpl; [reflexivity | rewrite IHm;
        ring]).
    revert i; induction n; intro i; [inversion i |]; pattern i; apply Fin.caseS'; clear i.
    + cbn [product]; rewrite (product_ext _ _ (fun _ => 1)), One.
      * destruct (Fin.eq_dec Fin.F1 Fin.F1) as [_ | E]; [ring | congruence].
      * intro j; destruct (Fin.eq_dec (Fin.FS j) Fin.F1) as [E | _]; [inversion E | reflexivity].
    + intro i; cbn [product]; rewrite (product_ext _ _ (fun j => if Fin.eq_dec j i then x else 1)), IHn.
      * destruct (Fin.eq_dec Fin.F1 (Fin.FS i)) as [E | _]; [inversion E | ring].
      * intro j; destruct (Fin.eq_dec (Fin.FS j) (Fin.FS i)) as [E | E], (Fin.eq_dec j i) as [E' | E']; auto.
        -- exfalso; apply E', Fin.FS_inj, E.
        -- exfalso; apply E; now rewrite E'.
Qed.

Lemma cell : forall (delta : R) K x, (0 < K)%nat -> 0 <= x <= delta * INR K ->
  exists t, (t < K)%nat /\ delta * INR t <= x <= delta * INR t + delta.
Proof.
  induction K; intros x HK Hx; [lia |].
  destruct (Rle_dec x (delta * INR K)) as [H | H].
  - destruct K as [| K].
    + exists O; split; [lia |]; simpl in *; lra.
    + destruct (IHK x ltac:(lia) ltac:(lra)) as (t & Ht & Hxt); exists t; split; [lia | exact Hxt].
  - exists K; split; [lia |]; rewrite S_INR in Hx; lra.
Qed.

(** * A hyperplane *)
Section Hyperplane.
Variables (n : nat) (a : vec n) (c : R) (i : Fin.t n).
Hypothesis Ha : a i <> 0.

(** Over the cell of a grid with the lowest corner x and sides delta, w_i differs from its value at x by [reach] at
    most. *)
Definition others (x : vec n) : R := sum (fun j => if Fin.eq_dec j i then 0 else a j * x j).
Definition rise : R := sum (fun j => if Fin.eq_dec j i then 0 else Rabs (a j)) / Rabs (a i).

Lemma solved : forall w, dot a w = c -> w i = (c - others w) / a i.
Proof.
  intros w H.
  assert (E : dot a w = others w + a i * w i).
  { unfold others; rewrite <- (sum_pick n (fun j => a j * w j) i), <- sum_plus; unfold dot; apply sum_ext; intro j.
    destruct (Fin.eq_dec j i); ring. }
  rewrite <- H, E; field; exact Ha.
Qed.

Definition plane_box (delta : R) (x : vec n) : box_of n :=
  (fun j => if Fin.eq_dec j i then (c - others x) / a i - delta * rise else x j,
   fun j => if Fin.eq_dec j i then (c - others x) / a i + delta * rise else x j + delta).

Lemma rise_pos : 0 <= rise.
Proof.
  apply Rle_mult_inv_pos; [| now apply Rabs_pos_lt].
  apply sum_nonneg; intro j; destruct (Fin.eq_dec j i); [lra | apply Rabs_pos].
Qed.

Lemma plane_box_covers : forall delta x w, dot a w = c ->
  (forall j, j <> i -> x j <= w j <= x j + delta) -> 0 <= delta -> inside (plane_box delta x) w.
Proof.
  intros delta x w H Hx Hd j; unfold plane_box; simpl; destruct (Fin.eq_dec j i) as [-> | N]; [| now apply Hx].
  rewrite (solved w H).
  assert (Pa := Rabs_pos_lt _ Ha).
  assert (K : Rabs ((c - others w) / a i - (c - others x) / a i) <= delta * rise).
  { replace ((c - others w) / a i - (c - others x) / a i) with ((others x - others w) * / a i) by (field; exact Ha).
    rewrite Rabs_mult, Rabs_inv; unfold rise, Rdiv; rewrite <- Rmult_assoc.
    apply Rmult_le_compat_r; [left; now apply Rinv_0_lt_compat |].
    unfold others; rewrite <- sum_scal.
    replace (sum (fun j => if Fin.eq_dec j i then 0 else a j * x j) - sum (fun j => if Fin.eq_dec j i then 0 else a j
        * w j))
      with (sum (fun j => (if Fin.eq_dec j i then 0 else a j * x j) + -1 * (if Fin.eq_dec j i then 0 else a j * w j)))
      by (rewrite sum_plus, sum_scal; ring).
    apply Rle_trans with (1 := sum_abs _ _); apply sum_le; intro k; destruct (Fin.eq_dec k i) as [E | E].
    - rewrite Rmult_0_r, Rplus_0_r, Rabs_R0; lra.
    - replace (a k * x k + -1 * (a k * w k)) with (a k * (x k - w k)) by ring; rewrite Rabs_mult, (Rmult_comm delta).
      apply Rmult_le_compat_l; [apply Rabs_pos |]; specialize (Hx k E); apply Rabs_le; lra. }
  apply abs_le_between in K; lra.
Qed.

Lemma plane_box_volume : forall delta x,
  volume (plane_box delta x) = product (fun j => if Fin.eq_dec j i then 2 * (delta * rise) else delta).
Proof. intros; unfold volume, plane_box; simpl; apply product_ext; intro j; destruct (Fin.eq_dec j i); ring. Qed.

(** The part of the plane with |w_j| <= A for all j, by K^(n-1) boxes. *)
Definition corners (A delta : R) (K : nat) : list (vec n) :=
  grid n (fun j => if Fin.eq_dec j i then [0] else map (fun t => - A + delta * INR t) (seq 0 K)).
Definition cover (A : R) (K : nat) : list (box_of n) :=
  map (plane_box (2 * A / INR K)) (corners A (2 * A / INR K) K).

Lemma cover_covers : forall A K w, (0 < K)%nat -> 0 < A -> dot a w = c -> (forall j, Rabs (w j) <= A) ->
  exists b, In b (cover A K) /\ inside b w.
Proof.
  intros A K w HK HA Hw Bd.
  assert (PK : 0 < INR K) by now apply lt_0_INR.
  set (delta := 2 * A / INR K).
  assert (Ed : delta * INR K = 2 * A) by (unfold delta; field; lra).
  assert (Pd : 0 < delta) by (apply Rdiv_lt_0_compat; lra).
  assert (Choose : forall m (v : vec m), (forall j, Rabs (v j) <= A) -> exists x : vec m, forall j,
            In (x j) (map (fun t => - A + delta * INR t) (seq 0 K)) /\ x j <= v j <= x j + delta).
  { induction m; intros v Bv; [exists (fun _ => 0); intro j; inversion j |].
    destruct (IHm (fun j => v (Fin.FS j)) (fun j => Bv _)) as [x Hx].
    assert (B1 := Bv Fin.F1); apply abs_le_between in B1.
    destruct (cell delta K (v Fin.F1 + A) HK ltac:(lra)) as (t & Ht & Hxt).
    exists (in_front (- A + delta * INR t) x); intro j; pattern j; apply Fin.caseS'; [| exact Hx].
    simpl; split; [| lra]. apply in_map_iff; exists t; split; [reflexivity | apply in_seq; lia]. }
  destruct (Choose n w Bd) as [x Hx].
  set (x' := fun j => if Fin.eq_dec j i then 0 else x j).
  exists (plane_box delta x'); split.
  - apply in_map, grid_all; intro j; unfold x'; destruct (Fin.eq_dec j i); [now left | apply Hx].
  - apply plane_box_covers; [exact Hw | | lra]; intros j Hj; unfold x'; destruct (Fin.eq_dec j i); [congruence | apply
      Hx].
Qed.

Lemma cover_volume : forall A K, (0 < K)%nat ->
  volumes (cover A K) = 2 * (2 * A / INR K * rise) * product (fun j => if Fin.eq_dec j i then 1 else 2 * A).
Proof.
  intros A K HK; assert (PK : 0 < INR K) by now apply lt_0_INR.
  set (delta := 2 * A / INR K).
  assert (L : forall l : list (vec n), volumes (map (plane_box delta) l)
              = INR (length l) * product (fun j => if Fin.eq_dec j i then 2 * (delta * rise) else delta)).
  { induction l as [| x l IH]; [unfold volumes; simpl; ring |].
    change (volumes (map (plane_box delta) (x :: l))) with (volume (plane_box delta x) + volumes (map (plane_box
        delta) l)).
    rewrite IH, plane_box_volume; cbn [length]; rewrite S_INR; ring. }
  unfold cover; fold delta; rewrite L; unfold corners; rewrite grid_length, <- product_mult, <- product_one.
  apply product_ext; intro j; destruct (Fin.eq_dec j i); [simpl; ring |].
  rewrite map_length, seq_length; unfold delta; field; lra.
Qed.

Lemma half_powers : forall eps N, 0 < eps ->
  sum (fun k : Fin.t N => eps / 2 ^ (S (proj1_sig (Fin.to_nat k)))) <= eps.
Proof.
  assert (K : forall N eps, 0 <= eps -> sum (fun k : Fin.t N => eps / 2 ^ (S (proj1_sig (Fin.to_nat k)))) <= eps).
  { induction N; intros eps He; cbn [sum]; [lra |].
    assert (E : sum (fun j : Fin.t N => eps / 2 ^ S (proj1_sig (Fin.to_nat (Fin.FS j))))
                = sum (fun k : Fin.t N => eps / 2 / 2 ^ S (proj1_sig (Fin.to_nat k)))).
    { apply sum_ext; intro j; simpl; destruct (Fin.to_nat j) as [m Hm]; simpl.
      assert (0 < 2 ^ m) by (apply pow_lt; lra). field; lra. }
    rewrite E; specialize (IHN (eps / 2) ltac:(lra)).
    replace (eps / 2 ^ S (proj1_sig (Fin.to_nat (@Fin.F1 N)))) with (eps / 2) by (simpl; field). lra. }
  intros; apply K; lra.
Qed.

Lemma hyperplane_null : null (fun w => dot a w = c).
Proof.
  intros eps He.
  set (Y k := product (fun j => if Fin.eq_dec j i then 1 else 2 * INR (S k))).
  set (need k := 2 * (2 * INR (S k) * rise) * Y k * (2 ^ S k / eps)).
  set (K k := S (Z.to_nat (up (need k)))).
  assert (PK : forall k, (0 < K k)%nat) by (intro; unfold K; lia).
  exists (fun k => cover (INR (S k)) (K k)); split; [| split].
  - intros w Hw.
    assert (B : exists k, forall j, Rabs (w j) <= INR (S k)).
    { destruct (archimed (sum (fun j => Rabs (w j)))) as [H _].
      assert (P : 0 <= sum (fun j => Rabs (w j))) by (apply sum_nonneg; intro; apply Rabs_pos).
      exists (Z.to_nat (up (sum (fun j => Rabs (w j))))); intro j.
      assert (T := term_le_sum n (fun j => Rabs (w j)) (fun j => Rabs_pos _) j); cbv beta in T.
      rewrite S_INR, INR_IZR_INZ, Z2Nat.id by (apply le_IZR; lra). lra. }
    destruct B as [k B]; exists k; apply cover_covers; auto; apply lt_0_INR; lia.
  - intros k b I; apply in_map_iff in I; destruct I as (x & <- & _); intro j.
    assert (P : 0 <= 2 * INR (S k) / INR (K k)).
    { apply Rle_mult_inv_pos; [generalize (pos_INR (S k)); lra | now apply lt_0_INR]. }
    set (d := 2 * INR (S k) / INR (K k)) in *; assert (Rp := rise_pos).
    unfold plane_box; cbn [fst snd]; destruct (Fin.eq_dec j i); [nra | lra].
  - intro N; apply Rle_trans with (2 := half_powers eps N He); apply sum_le; intro k'.
    set (k := proj1_sig (Fin.to_nat k')).
    rewrite cover_volume by apply PK; fold (Y k).
    assert (P2 : 0 < 2 ^ S k) by (apply pow_lt; lra).
    assert (Q : need k <= INR (K k)).
    { destruct (archimed (need k)) as [H _]; unfold K; rewrite S_INR.
      destruct (Rle_dec 0 (IZR (up (need k)))) as [P | P].
      - rewrite INR_IZR_INZ, Z2Nat.id by (apply le_IZR; exact P); lra.
      - generalize (pos_INR (Z.to_nat (up (need k)))); lra. }
    assert (PI : 0 < INR (K k)) by (apply lt_0_INR, PK).
    apply Rmult_le_reg_r with (INR (K k) * (2 ^ S k / eps)); [apply Rmult_lt_0_compat; [lra | apply Rdiv_lt_0_compat;
        lra] |].
    replace (2 * (2 * INR (S k) / INR (K k) * rise) * Y k * (INR (K k) * (2 ^ S k / eps))) with (need k)
      by (unfold need; field; lra).
    replace (eps / 2 ^ S k * (INR (K k) * (2 ^ S k / eps))) with (INR (K k)) by (field; lra).
    exact Q.
Qed.
End Hyperplane.

(** Finitely many hyperplanes. *)
Lemma hyperplanes_null : forall n (planes : list (vec n * R)),
  (forall a c, In (a, c) planes -> exists j, a j <> 0) ->
  null (fun w => exists a c, In (a, c) planes /\ dot a w = c).
Proof.
  induction planes as [| [a c] l IH]; intro H.
  - apply null_subset with (2 := null_empty n); intros w (a & c & [] & _).
  - destruct (H a c (or_introl eq_refl)) as [j Hj].
    apply null_subset with (fun w => dot a w = c \/ exists a c, In (a, c) l /\ dot a w = c).
    + intros w (a' & c' & [E | I] & D); [injection E as <- <-; now left | right; now exists a', c'].
    + apply null_union; [now apply (hyperplane_null n a c j) |].
      apply IH; intros a' c' I; apply (H a' c'); now right.
Qed.
