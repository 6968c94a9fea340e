(** Taylor's formula of second order, and what a positive definite matrix does.  Nothing here is a statement of the
    book. *)
Require Import Basics.

Definition l1 {n} (d : vec n) : R := sum (fun j => Rabs (d j)).

(** a least positive number *)
Lemma least : forall n (a : vec n), (forall j, 0 < a j) -> exists e, 0 < e /\ forall j, e <= a j.
Proof.
  induction n; intros a H; [exists 1; split; [lra | intro j; inversion j] |].
  destruct (IHn (fun j => a (Fin.FS j)) (fun j => H _)) as (e & He & K).
  exists (Rmin (a Fin.F1) e); split; [now apply Rmin_pos |]. intro j; pattern j; apply Fin.caseS'.
  - apply Rmin_l.
  - intro j'; apply Rle_trans with (1 := Rmin_r _ _); apply K.
Qed.

Lemma mean_value : forall (f f' : R -> R) a c,
  (forall x, Rabs x <= Rabs a -> derivable_pt_lim f x (f' x)) ->
  (forall x, Rabs x <= Rabs a -> Rabs (f' x) <= c) -> Rabs (f a - f 0) <= c * Rabs a.
Proof.
  intros f f' a c D B; destruct (Rtotal_order a 0) as [N | [-> | P]].
  - rewrite (Rabs_left a) in * by lra.
    destruct (MVT_cor2 f f' a 0 N) as (x & E & Hx).
    { intros x Hx; apply D; rewrite Rabs_left1; lra. }
    replace (f a - f 0) with (- (f' x * (0 - a))) by lra.
    rewrite Rabs_Ropp, Rabs_mult, (Rabs_right (0 - a)) by lra.
    replace (- a) with (0 - a) by ring; apply Rmult_le_compat_r; [lra |].
    apply B; rewrite Rabs_left; lra.
  - rewrite Rminus_diag_eq, Rabs_R0 by reflexivity; lra.
  - rewrite (Rabs_right a) in * by lra.
    destruct (MVT_cor2 f f' 0 a P) as (x & E & Hx).
    { intros x Hx; apply D; rewrite Rabs_right; lra. }
    rewrite E, Rabs_mult, (Rabs_right (a - 0)), Rminus_0_r by lra.
    apply Rmult_le_compat_r; [lra |]. apply B; rewrite Rabs_right; lra.
Qed.

Definition first {n} (k : nat) (d : vec n) : vec n :=
  fun j => if lt_dec (proj1_sig (Fin.to_nat j)) k then d j else 0.

Lemma path : forall n (f : vec n -> R) (g : vec n -> vec n) (w d : vec n) c,
  (forall u i, (forall j, Rabs (u j - w j) <= Rabs (d j)) -> partial f i u (g u i)) ->
  (forall u i, (forall j, Rabs (u j - w j) <= Rabs (d j)) -> Rabs (g u i) <= c) ->
  Rabs (f (add w d) - f w) <= c * l1 d.
Proof.
  intros n f g w d c D B.
  assert (P : forall k, Rabs (f (add w (first k d)) - f w) <= c * l1 (first k d)).
  { induction k.
    - replace (add w (first 0 d)) with w.
      + rewrite Rminus_diag_eq, Rabs_R0 by reflexivity; right.
        unfold l1; rewrite (sum_ext _ _ (fun _ => 0)), sum_zero; [ring |].
        intro j; unfold first; destruct (lt_dec _ 0); [lia | apply Rabs_R0].
      + apply functional_extensionality; intro j; unfold add, first; destruct (lt_dec _ 0); [lia | ring].
    - destruct (lt_dec k n) as [Hk | Hk].
      + set (i := Fin.of_nat_lt Hk).
        assert (Ei : proj1_sig (Fin.to_nat i) = k) by (unfold i; now rewrite Fin.to_nat_of_nat).
        set (v := add w (first k d)).
        assert (Ev : v i = w i).
        { unfold v, add, first; rewrite Ei; destruct (lt_dec k k); [lia | ring]. }
        assert (Other : forall j, j <> i -> first (S k) d j = first k d j).
        { intros j Hj; unfold first.
          assert (proj1_sig (Fin.to_nat j) <> k) by (intro E; apply Hj, Fin.to_nat_inj; congruence).
          destruct (lt_dec (proj1_sig (Fin.to_nat j)) k), (lt_dec (proj1_sig (Fin.to_nat j)) (S k)); auto; lia. }
        assert (Same : first (S k) d i = d i /\ first k d i = 0).
        { unfold first; rewrite Ei; destruct (lt_dec k k), (lt_dec k (S k)); auto; lia. }
        assert (Es : add w (first (S k) d) = step v i (d i)).
        { apply functional_extensionality; intro j; unfold step; destruct (Fin.eq_dec j i) as [-> | Hj].
          - unfold add; rewrite (proj1 Same), Ev; ring.
          - unfold v, add; now rewrite Other. }
        assert (In : forall x, Rabs x <= Rabs (d i) -> forall j, Rabs (step v i x j - w j) <= Rabs (d j)).
        { intros x Hx j; unfold step; destruct (Fin.eq_dec j i) as [-> | Hj].
          - rewrite Ev; replace (w i + x - w i) with x by ring; exact Hx.
          - unfold v, add; replace (w j + first k d j - w j) with (first k d j) by ring.
            unfold first; destruct (lt_dec _ k); [lra | rewrite Rabs_R0; apply Rabs_pos]. }
        assert (M := mean_value (fun h => f (step v i h)) (fun x => g (step v i x) i) (d i) c).
        cbv beta in M; rewrite step_0 in M.
        assert (M' : Rabs (f (step v i (d i)) - f v) <= c * Rabs (d i)).
        { apply M; intros x Hx; [apply partial_at, D | apply B]; now apply In. }
        rewrite Es. replace (f (step v i (d i)) - f w) with ((f (step v i (d i)) - f v) + (f v - f w)) by ring.
        apply Rle_trans with (1 := Rabs_triang _ _).
        assert (El : l1 (first (S k) d) - l1 (first k d) = Rabs (d i)).
        { unfold l1; rewrite (sum_one n _ _ i).
          - rewrite (proj1 Same), (proj2 Same), Rabs_R0; ring.
          - intros j Hj; now rewrite Other. }
        fold v in IHk. replace (l1 (first (S k) d)) with (Rabs (d i) + l1 (first k d)) by lra. lra.
      + replace (first (S k) d) with (first k d); [exact IHk |].
        apply functional_extensionality; intro j; unfold first; assert (K := proj2_sig (Fin.to_nat j)).
        simpl in K; destruct (lt_dec (proj1_sig (Fin.to_nat j)) k), (lt_dec (proj1_sig (Fin.to_nat j)) (S k)); auto;
            lia. }
  specialize (P n); replace (first n d) with d in P; [exact P |].
  apply functional_extensionality; intro j; unfold first; assert (K := proj2_sig (Fin.to_nat j)).
  simpl in K; destruct (lt_dec (proj1_sig (Fin.to_nat j)) n); [auto | lia].
Qed.

(** * A positive definite form is at least mu times the square of the norm *)
Lemma qform_S : forall n (A : Fin.t (S n) -> Fin.t (S n) -> R) (d : vec (S n)),
  quadratic_form A d = A Fin.F1 Fin.F1 * d Fin.F1 ^ 2
    + 2 * d Fin.F1 * sum (fun j => (A Fin.F1 (Fin.FS j) + A (Fin.FS j) Fin.F1) / 2 * d (Fin.FS j))
    + quadratic_form (fun i j => A (Fin.FS i) (Fin.FS j)) (fun j => d (Fin.FS j)).
Proof.
  intros n A d; unfold quadratic_form; simpl.
  set (d0 := d Fin.F1).
  assert (E1 : sum (fun j => (A Fin.F1 (Fin.FS j) + A (Fin.FS j) Fin.F1) / 2 * d (Fin.FS j)) =
    / 2 * sum (fun j => A Fin.F1 (Fin.FS j) * d (Fin.FS j)) + / 2 * sum (fun j => A (Fin.FS j) Fin.F1 * d (Fin.FS j))).
  { rewrite <- !sum_scal, <- sum_plus; apply sum_ext; intro; field. }
  assert (E2 : sum (fun i => d (Fin.FS i) * (A (Fin.FS i) Fin.F1 * d0 + sum (fun j => A (Fin.FS i) (Fin.FS j) * d
      (Fin.FS j)))) =
    d0 * sum (fun j => A (Fin.FS j) Fin.F1 * d (Fin.FS j)) +
    sum (fun i => d (Fin.FS i) * sum (fun j => A (Fin.FS i) (Fin.FS j) * d (Fin.FS j)))).
  { rewrite <- sum_scal, <- sum_plus; apply sum_ext; intro; ring. }
  rewrite E1, E2; field.
Qed.

Definition cons {n} (a : R) (d : vec n) : vec (S n) := fun j => Fin.caseS' j (fun _ => R) a d.

Lemma positive_definite : forall n (A : Fin.t n -> Fin.t n -> R) (s : Fin.t n -> bool),
  (forall d : vec n, (forall i, s i = false -> d i = 0) -> (exists i, d i <> 0) -> 0 < quadratic_form A d) ->
  exists mu, 0 < mu /\
  forall d : vec n, (forall i, s i = false -> d i = 0) -> mu * sum (fun j => d j ^ 2) <= quadratic_form A d.
Proof.
  induction n; intros A s H.
  - exists 1; split; [lra |]; intros d _; unfold quadratic_form; simpl; lra.
  - set (A' i j := A (Fin.FS i) (Fin.FS j)). set (s' i := s (Fin.FS i)).
    set (b j := (A Fin.F1 (Fin.FS j) + A (Fin.FS j) Fin.F1) / 2). set (a := A Fin.F1 Fin.F1).
    assert (Q : forall d : vec (S n), quadratic_form A d = a * d Fin.F1 ^ 2
      + 2 * d Fin.F1 * sum (fun j => b j * d (Fin.FS j)) + quadratic_form A' (fun j => d (Fin.FS j)))
      by (intro; apply qform_S).
    destruct (s Fin.F1) eqn:S1.
    + assert (Ha : 0 < a).
      { assert (K := H (cons 1 (fun _ => 0))); rewrite Q in K; simpl in K.
        unfold quadratic_form in K.
        rewrite (sum_ext _ (fun j => b j * 0) (fun _ => 0)), sum_zero in K by (intro; ring).
        rewrite (sum_ext _ (fun i => 0 * _) (fun _ => 0)), sum_zero in K by (intro; ring).
        assert (0 < a * (1 * (1 * 1)) + 2 * 1 * 0 + 0); [| lra]. apply K.
        - intro i; pattern i; apply Fin.caseS'; [congruence | reflexivity].
        - exists Fin.F1; simpl; lra. }
      set (A'' i j := A' i j - b i * b j / a).
      assert (Q'' : forall d', quadratic_form A'' d' = quadratic_form A' d' - sum (fun j => b j * d' j) ^ 2 / a).
      { intro d'; unfold quadratic_form, A''.
        set (x := sum (fun j => b j * d' j)).
        replace (x ^ 2 / a) with (x / a * sum (fun j => b j * d' j)) by (unfold x; field; lra).
        rewrite <- sum_scal. unfold Rminus at 2. rewrite <- (Rmult_1_l (sum (fun j => x / a * _))).
        replace (- (1 * sum (fun j => x / a * (b j * d' j)))) with (-1 * sum (fun j => x / a * (b j * d' j))) by ring.
        rewrite <- sum_scal, <- sum_plus; apply sum_ext; intro i.
        replace (sum (fun j => (A' i j - b i * b j / a) * d' j)) with (sum (fun j => A' i j * d' j) + - b i / a * x).
        - field; lra.
        - unfold x; rewrite <- sum_scal, <- sum_plus; apply sum_ext; intro j; field; lra. }
      destruct (IHn A'' s') as (mu & Hmu & K).
      { intros d' Z (i & Hi). rewrite Q''.
        set (x := sum (fun j => b j * d' j)).
        assert (P := H (cons (- x / a) d')); rewrite Q in P; simpl in P; fold x in P.
        replace (quadratic_form A' d' - x ^ 2 / a) with (a * (- x / a * (- x / a * 1)) + 2 * (- x / a) * x +
            quadratic_form A' d') by (field; lra).
        apply P; [| now exists (Fin.FS i)].
        intro j; pattern j; apply Fin.caseS'; [congruence | exact Z]. }
      set (B := sum (fun j => b j ^ 2)).
      assert (HB : 0 <= B) by (apply sum_nonneg; intro; apply pow2_ge_0).
      set (c := 1 + 2 * B / a ^ 2).
      assert (Hc : 1 <= c) by (unfold c; assert (0 <= 2 * B / a ^ 2) by (apply Rle_mult_inv_pos; nra); lra).
      exists (Rmin (a / 2) (mu / c)); split; [apply Rmin_pos; [lra | apply Rdiv_lt_0_compat; lra] |].
      set (nu := Rmin (a / 2) (mu / c)).
      assert (N1 : nu <= a / 2) by apply Rmin_l.
      assert (N2 : nu * c <= mu).
      { apply Rle_trans with (mu / c * c); [apply Rmult_le_compat_r; [lra | apply Rmin_r] | right; field; lra]. }
      assert (N0 : 0 < nu) by (apply Rmin_pos; [lra | apply Rdiv_lt_0_compat; lra]).
      intros d Z. cbn [sum]. rewrite Q.
      specialize (K (fun j => d (Fin.FS j)) (fun i => Z (Fin.FS i))); rewrite Q'' in K.
      assert (CS := cauchy_schwarz n b (fun j => d (Fin.FS j))); fold B in CS; cbv beta in *.
      set (x := sum (fun j => b j * d (Fin.FS j))) in *.
      set (D := sum (fun j => d (Fin.FS j) ^ 2)) in *.
      set (q := quadratic_form A' (fun j => d (Fin.FS j))) in *.
      assert (HD : 0 <= D) by (apply sum_nonneg; intro; apply pow2_ge_0).
      set (d0 := d Fin.F1). set (z := d0 + x / a).
      assert (Ez : a * d0 ^ 2 + 2 * d0 * x + q = a * z ^ 2 + (q - x ^ 2 / a)) by (unfold z; field; lra).
      rewrite Ez.
      assert (T1 : d0 ^ 2 <= 2 * z ^ 2 + 2 * B / a ^ 2 * D).
      { assert (d0 ^ 2 <= 2 * z ^ 2 + 2 * (x / a) ^ 2) by (unfold z; generalize (pow2_ge_0 (d0 + 2 * (x / a))); lra).
        assert ((x / a) ^ 2 <= B / a ^ 2 * D); [| lra].
        replace ((x / a) ^ 2) with (x ^ 2 * / a ^ 2) by (field; lra).
        replace (B / a ^ 2 * D) with (B * D * / a ^ 2) by (field; lra).
        apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; nra | exact CS]. }
      apply Rle_trans with (nu * (2 * z ^ 2) + nu * c * D).
      { unfold c; apply Rle_trans with (nu * (2 * z ^ 2 + 2 * B / a ^ 2 * D + D)); [apply Rmult_le_compat_l; lra |
          right; ring]. }
      apply Rle_trans with (a * z ^ 2 + mu * D); [| lra].
      apply Rplus_le_compat; [generalize (pow2_ge_0 z); nra | apply Rmult_le_compat_r; lra].
    + destruct (IHn A' s') as (mu & Hmu & K).
      { intros d' Z (i & Hi). assert (P := H (cons 0 d')); rewrite Q in P; simpl in P.
        replace (quadratic_form A' d') with (a * (0 * (0 * 1)) + 2 * 0 * sum (fun j => b j * d' j) + quadratic_form A'
            d') by ring.
        apply P; [| now exists (Fin.FS i)].
        intro j; pattern j; apply Fin.caseS'; [reflexivity | exact Z]. }
      exists mu; split; auto; intros d Z; cbn [sum]; rewrite Q, (Z Fin.F1 S1).
      specialize (K (fun j => d (Fin.FS j)) (fun i => Z (Fin.FS i))); cbv beta in K. lra.
Qed.

(** * Taylor's formula of second order *)

Lemma qform_step : forall n (A : Fin.t n -> Fin.t n -> R) (d : vec n) i h,
  (forall j k, A j k = A k j) ->
  quadratic_form A (step d i h) = quadratic_form A d + 2 * sum (fun k => A i k * d k) * h + A i i * h ^ 2.
Proof.
  intros n A d i h S; unfold quadratic_form.
  rewrite (sum_ext _ _ (fun j => sum (fun k => A j k * d k) * step d i h j + h * (A i j * step d i h j))).
  - rewrite sum_plus, sum_scal, !linear_step.
    rewrite (sum_ext _ (fun j => sum (fun k => A j k * d k) * d j) (fun j => d j * sum (fun k => A j k * d k)))
      by (intro; ring). ring.
  - intro j; rewrite linear_step, (S j i); ring.
Qed.

Lemma shifted : forall n (u w : vec n) i h,
  (fun j => step u i h j - w j) = step (fun j => u j - w j) i h.
Proof.
  intros; apply functional_extensionality; intro j; unfold step; destruct (Fin.eq_dec j i); ring.
Qed.

Lemma norm_le_l1 : forall n (d : vec n), norm d <= l1 d.
Proof.
  intros n d; assert (P : 0 <= l1 d) by (apply sum_nonneg; intro; apply Rabs_pos).
  rewrite <- (sqrt_pow2 (l1 d)) by exact P; apply sqrt_le_1_alt.
  replace (l1 d ^ 2) with (sum (fun j => l1 d * Rabs (d j))) by (rewrite sum_scal; unfold l1; ring).
  apply sum_le; intro j; rewrite <- pow2_abs.
  assert (K := term_le_sum n (fun j => Rabs (d j)) (fun j => Rabs_pos _) j); cbv beta in K; fold (l1 d) in K.
  assert (A := Rabs_pos (d j)); nra.
Qed.

Section Taylor.
Variables (n : nat) (L : vec n -> R) (G : vec n -> vec n) (H : matrix n n).
Variables (w : vec n) (e0 : R).
Hypothesis He0 : 0 < e0.
Hypothesis D1 : forall u i, near e0 w u -> partial L i u (G u i).
Hypothesis D2 : derivative_n G w H.

Lemma near_le : forall e e' (u : vec n), e <= e' -> near e w u -> near e' w u.
Proof. intros e e' u He N j; specialize (N j); lra. Qed.

Lemma within : forall e (u d : vec n), (forall j, Rabs (d j) < e) ->
  (forall j, Rabs (u j - w j) <= Rabs (d j)) -> near e w u.
Proof. intros e u d Hd Hu j; specialize (Hd j); specialize (Hu j); lra. Qed.

Lemma l1_le : forall d d' : vec n, (forall j, Rabs (d j) <= Rabs (d' j)) -> l1 d <= l1 d'.
Proof. intros; now apply sum_le. Qed.

Lemma gradient_near : forall eps, 0 < eps -> exists e, 0 < e /\ forall i (d : vec n),
  (forall j, Rabs (d j) < e) ->
  Rabs (G (add w d) i - G w i - sum (fun j => H i j * d j)) <= eps * l1 d.
Proof.
  intros eps Heps; destruct (D2 eps Heps) as (e & He & K); exists e; split; [exact He |]; intros i d Hd.
  assert (Ed : minus (add w d) w = d) by (apply functional_extensionality; intro; unfold minus, add; ring).
  specialize (K (add w d)); rewrite Ed in K.
  assert (C := coordinate_le_norm n (minus (minus (G (add w d)) (G w)) (times H d)) i).
  apply Rle_trans with (1 := C), Rle_trans with (eps * norm d).
  - apply K; intro j; unfold add; replace (w j + d j - w j) with (d j) by ring; apply Hd.
  - apply Rmult_le_compat_l; [lra | apply norm_le_l1].
Qed.

Lemma two_steps : forall i j h x, i <> j ->
  step (step w j h) i x = add w (step (step (fun _ => 0) j h) i x).
Proof.
  intros i j h x Hij; apply functional_extensionality; intro k; unfold step, add.
  destruct (Fin.eq_dec k i), (Fin.eq_dec k j); ring.
Qed.

Lemma l1_two_steps : forall i j h x, i <> j ->
  l1 (step (step (fun _ : Fin.t n => 0) j h) i x) = Rabs h + Rabs x.
Proof.
  intros i j h x Hij; unfold l1.
  assert (K1 := sum_one n (fun k => Rabs (step (step (fun _ : Fin.t n => 0) j h) i x k)) (fun k => Rabs (step (fun _ :
      Fin.t n => 0) j h k)) i).
  assert (K2 := sum_one n (fun k => Rabs (step (fun _ : Fin.t n => 0) j h k)) (fun _ => 0) j).
  cbv beta in K1, K2; rewrite !step_same, step_other, Rabs_R0, Rplus_0_l in K1 by exact Hij.
  rewrite !step_same, Rplus_0_l, sum_zero in K2.
  assert (E1 := K1 ltac:(intros k Hk; now rewrite step_other by exact Hk)).
  assert (E2 := K2 ltac:(intros k Hk; rewrite step_other by exact Hk; apply Rabs_R0)). lra.
Qed.

Lemma second_difference : forall eps, 0 < eps -> exists e, 0 < e /\ forall i j h, i <> j -> 0 < h < e ->
  Rabs (L (step (step w j h) i h) - L (step w i h) - L (step w j h) + L w - H i j * h ^ 2) <= 3 * eps * h ^ 2.
Proof.
  intros eps Heps; destruct (gradient_near eps Heps) as (e1 & He1 & K).
  exists (Rmin e0 e1); split; [now apply Rmin_pos |]; intros i j h Hij Hh.
  generalize (Rmin_l e0 e1) (Rmin_r e0 e1); intros M1 M2.
  assert (In : forall x y, Rabs x <= h -> Rabs y <= h -> forall k, Rabs (step (step (fun _ : Fin.t n => 0) j y) i x k)
      < Rmin e0 e1).
  { intros x y Hx Hy k; unfold step; destruct (Fin.eq_dec k i), (Fin.eq_dec k j); try congruence;
      rewrite ?Rplus_0_l, ?Rabs_R0; lra. }
  assert (Nr : forall x y, Rabs x <= h -> Rabs y <= h -> near e0 w (step (step w j y) i x)).
  { intros x y Hx Hy k; rewrite two_steps by exact Hij; unfold add.
    replace (w k + step (step (fun _ => 0) j y) i x k - w k) with (step (step (fun _ : Fin.t n => 0) j y) i x k) by
        ring.
    generalize (In x y Hx Hy k); lra. }
  assert (Z : Rabs 0 <= h) by (rewrite Rabs_R0; lra).
  assert (Hh' : Rabs h <= h) by (rewrite Rabs_right; lra).
  assert (Gr : forall x y, Rabs x <= h -> Rabs y <= h ->
    Rabs (G (step (step w j y) i x) i - G w i - (H i j * y + H i i * x)) <= eps * (Rabs y + Rabs x)).
  { intros x y Hx Hy.
    assert (Q := K i (step (step (fun _ => 0) j y) i x) (fun k => Rlt_le_trans _ _ _ (In x y Hx Hy k) M2)).
    rewrite <- two_steps, l1_two_steps in Q by exact Hij.
    rewrite !linear_step, (sum_ext _ (fun k => H i k * 0) (fun _ => 0)), sum_zero, Rplus_0_l in Q by (intro; ring).
    exact Q. }
  assert (MV := mean_value (fun x => L (step (step w j h) i x) - L (step (step w j 0) i x) - H i j * h * x)
    (fun x => G (step (step w j h) i x) i - G (step (step w j 0) i x) i - H i j * h) h (3 * eps * h)).
  cbv beta in MV. rewrite !step_0, (Rabs_right h) in MV by lra.
  replace (L (step (step w j h) i h) - L (step w i h) - L (step w j h) + L w - H i j * h ^ 2)
    with (L (step (step w j h) i h) - L (step w i h) - H i j * h * h - (L (step w j h) - L w - H i j * h * 0)) by ring.
  replace (3 * eps * h ^ 2) with (3 * eps * h * h) by ring.
  apply MV.
  - intros x Hx.
    apply (derivable_pt_lim_minus (fun x => L (step (step w j h) i x) - L (step w i x)) (fun x => H i j * h * x)).
    + apply (derivable_pt_lim_minus (fun x => L (step (step w j h) i x)) (fun x => L (step w i x))).
      * apply partial_at, D1, Nr; auto.
      * apply partial_at, D1. assert (N := Nr x 0 Hx Z); rewrite step_0 in N; exact N.
    + assert (Q := derivable_pt_lim_scal id (H i j * h) x 1 (derivable_pt_lim_id x)).
      rewrite Rmult_1_r in Q; exact Q.
  - intros x Hx.
    assert (Q1 := Gr x h Hx Hh'); assert (Q2 := Gr x 0 Hx Z); rewrite step_0 in Q2.
    rewrite Rabs_R0 in Q2. rewrite (Rabs_right h) in Q1 by lra.
    set (p := G (step (step w j h) i x) i) in *. set (q := G (step w i x) i) in *.
    replace (p - q - H i j * h)
      with ((p - G w i - (H i j * h + H i i * x)) + - (q - G w i - (H i j * 0 + H i i * x))) by ring.
    apply Rle_trans with (1 := Rabs_triang _ _); rewrite Rabs_Ropp. nra.
Qed.

Lemma schwarz : forall i j, H i j = H j i.
Proof.
  intros i j; destruct (Fin.eq_dec i j) as [-> | Hij]; [reflexivity |].
  apply Rminus_diag_uniq, NNPP; intro N.
  assert (P : 0 < Rabs (H i j - H j i)) by now apply Rabs_pos_lt.
  destruct (second_difference (Rabs (H i j - H j i) / 12)) as (e & He & K); [lra |].
  assert (K1 := K i j (e / 2) Hij ltac:(lra)); assert (K2 := K j i (e / 2) (not_eq_sym Hij) ltac:(lra)).
  assert (E : step (step w i (e / 2)) j (e / 2) = step (step w j (e / 2)) i (e / 2)).
  { apply functional_extensionality; intro k; unfold step.
    destruct (Fin.eq_dec k i), (Fin.eq_dec k j); ring. }
  rewrite E in K2. set (h := e / 2) in *.
  set (a := H i j) in *; set (b := H j i) in *.
  set (D := L (step (step w j h) i h) - L (step w i h) - L (step w j h) + L w) in *.
  replace (L (step (step w j h) i h) - L (step w j h) - L (step w i h) + L w) with D in K2 by (unfold D; ring).
  assert (T := Rabs_triang (D - b * h ^ 2) (- (D - a * h ^ 2))); rewrite Rabs_Ropp in T.
  replace (D - b * h ^ 2 + - (D - a * h ^ 2)) with ((a - b) * h ^ 2) in T by ring.
  rewrite Rabs_mult, (Rabs_right (h ^ 2)) in T by (apply Rle_ge, pow2_ge_0).
  assert (0 < h ^ 2) by (unfold h; nra). nra.
Qed.

Lemma taylor : forall eps, 0 < eps -> exists e, 0 < e /\ forall d : vec n, (forall j, Rabs (d j) < e) ->
  Rabs (L (add w d) - L w - sum (fun j => G w j * d j) - / 2 * quadratic_form H d) <= eps * l1 d * l1 d.
Proof.
  intros eps Heps; destruct (gradient_near eps Heps) as (e1 & He1 & K).
  exists (Rmin e0 e1); split; [now apply Rmin_pos |]; intros d Hd.
  assert (P := path n (fun v => L v - sum (fun j => G w j * (v j - w j)) - / 2 * quadratic_form H (fun j => v j - w j))
    (fun v i => G v i - G w i - sum (fun j => H i j * (v j - w j))) w d (eps * l1 d)).
  cbv beta in P.
  replace (fun j => add w d j - w j) with d in P by (apply functional_extensionality; intro; unfold add; ring).
  rewrite (sum_ext _ (fun j => G w j * (add w d j - w j)) (fun j => G w j * d j)) in P by (intro; unfold add; ring).
  rewrite (sum_ext _ (fun j => G w j * (w j - w j)) (fun _ => 0)), sum_zero in P by (intro; ring).
  replace (quadratic_form H (fun j => w j - w j)) with 0 in P.
  2: { unfold quadratic_form; rewrite (sum_ext _ _ (fun _ => 0)), sum_zero; [reflexivity |]; intro; ring. }
  replace (L (add w d) - L w - sum (fun j => G w j * d j) - / 2 * quadratic_form H d)
    with (L (add w d) - sum (fun j => G w j * d j) - / 2 * quadratic_form H d - (L w - 0 - / 2 * 0)) by ring.
  apply P; intros u i Hu; assert (N := within _ u d Hd Hu).
  - apply (derivable_pt_lim_minus (fun h => L (step u i h) - sum (fun j => G w j * (step u i h j - w j)))
             (fun h => / 2 * quadratic_form H (fun j => step u i h j - w j))).
    + apply (derivable_pt_lim_minus (fun h => L (step u i h)) (fun h => sum (fun j => G w j * (step u i h j - w j)))).
      * apply D1; now apply near_le with (Rmin e0 e1); [apply Rmin_l |].
      * apply polynomial_slope with (sum (fun k => G w k * (u k - w k))) 0; intro h.
        rewrite (sum_ext _ _ (fun k => G w k * step (fun k => u k - w k) i h k))
          by (intro k; now rewrite <- shifted).
        rewrite linear_step; ring.
    + apply polynomial_slope with (/ 2 * quadratic_form H (fun j => u j - w j)) (/ 2 * H i i); intro h.
      rewrite shifted, qform_step by (intros; apply schwarz). field.
  - assert (Nr : forall j, Rabs (u j - w j) < e1).
    { intro j; generalize (N j) (Rmin_r e0 e1); lra. }
    assert (Q := K i (fun j => u j - w j) Nr).
    replace (add w (fun j => u j - w j)) with u in Q by (apply functional_extensionality; intro; unfold add; ring).
    apply Rle_trans with (1 := Q); apply Rmult_le_compat_l; [lra |]; now apply l1_le.
Qed.
End Taylor.

Lemma bilinear_bound : forall n (A : Fin.t n -> Fin.t n -> R) C (x y : vec n),
  (forall i j, Rabs (A i j) <= C) -> Rabs (sum (fun i => x i * sum (fun j => A i j * y j))) <= C * l1 x * l1 y.
Proof.
  intros n A C x y B; apply Rle_trans with (1 := sum_abs _ _).
  replace (C * l1 x * l1 y) with ((C * l1 y) * l1 x) by ring; unfold l1 at 2; rewrite <- sum_scal.
  apply sum_le; intro i; rewrite Rabs_mult, Rmult_comm; apply Rmult_le_compat_r; [apply Rabs_pos |].
  apply Rle_trans with (1 := sum_abs _ _); unfold l1; rewrite <- sum_scal; apply sum_le; intro j.
  rewrite Rabs_mult; apply Rmult_le_compat_r; [apply Rabs_pos | apply B].
Qed.
