//! Tests of the inversion: against sums in another order, the page against the single draw, chi-square, the band.

use super::*;
use crate::draw::normal::quantile_exact;
use crate::draw::{Address, Kind, Stream};
use proptest::prelude::*;

fn words(lane: u64, page: u64) -> [u64; PAGE] {
    let mut out = [0; PAGE];
    Stream::new(7, &Address::new(Kind::Chance, "binomial test", lane)).fill(page, &mut out);
    out
}

/// Draws `pages` pages with (n, p) made from three random words, and compares them with `invert`, draw by draw.
fn compare(pages: u64, parameters: impl Fn(u64, u64) -> (i64, f64)) {
    for page in 0..pages {
        let (draw, first, second) = (words(0, page), words(1, page), words(2, page));
        let (mut n, mut p, mut out) = ([0; PAGE], [0.0; PAGE], [0; PAGE]);
        for index in 0..PAGE {
            (n[index], p[index]) = parameters(first[index], second[index]);
        }
        invert_block(&draw, &n, &p, &mut out);
        for index in 0..PAGE {
            let expected = i64::from(invert(unit(draw[index]), n[index] as u32, p[index]));
            assert_eq!(out[index], expected, "word {:x}, n {}, p {}", draw[index], n[index], p[index]);
        }
    }
}

fn below(word: u64, bound: u64) -> i64 {
    (word % bound) as i64
}

#[test]
fn a_page_is_its_single_draws() {
    compare(512, |n, p| (1 + below(n, 5000), unit(p)));
}

#[test]
fn debug_speed() {
    compare(1, |n, p| (1 + below(n, 5000), unit(p)));
}

/// Boundary error over band of proposals for every count k of (n, p): at the exact F(k), X should be k + 1/2.
fn worst_of_band(n: u32, p: f64) -> (f64, f64) {
    let mut worst = (0.0, 0.0);
    let mut mass: Vec<f64> = vec![0.0; n as usize + 1];
    // Ratios from the mode; the sums over either tail are then exact to a few roundings.
    let mode = ((f64::from(n) + 1.0) * p).floor().min(f64::from(n)) as usize;
    mass[mode] = 1.0;
    for k in mode..n as usize {
        mass[k + 1] = mass[k] * (f64::from(n) - k as f64) / (k as f64 + 1.0) * (p / (1.0 - p));
    }
    for k in (0..mode).rev() {
        mass[k] = mass[k + 1] * (k as f64 + 1.0) / (f64::from(n) - k as f64) * ((1.0 - p) / p);
    }
    let total: f64 = mass.iter().sum();
    let mut lower = vec![];
    let mut sum = 0.0;
    for m in &mass {
        sum += m / total;
        lower.push(sum);
    }
    let mut upper = vec![0.0; mass.len()];
    sum = 0.0;
    for k in (0..n as usize).rev() {
        sum += mass[k + 1] / total;
        upper[k] = sum;
    }
    let edges: Vec<usize> = (0..n as usize).filter(|&k| lower[k].min(upper[k]) > 1.0e-4).collect();
    for group in edges.chunks(LANES) {
        let mut words = [1 << 63; LANES];
        for (word, &k) in words.iter_mut().zip(group) {
            let scale = (1u64 << 52) as f64;
            *word = if lower[k] < upper[k] {
                ((lower[k] * scale) as u64) << 12
            } else {
                !(((upper[k] * scale) as u64) << 12)
            };
        }
        let proposal = propose(&words, &[f64::from(n); LANES], &[p; LANES]);
        for (lane, &k) in group.iter().enumerate() {
            if proposal.band[lane].is_finite() {
                let x = proposal.centre[lane] + f64::from(proposal.offset[lane]);
                let error = (x - k as f64 - 0.5).abs() / f64::from(proposal.band[lane]);
                if error > worst.0 {
                    worst = (error, quantile_exact(lower[k], upper[k]));
                }
            }
        }
    }
    worst
}

#[test]
fn band_scan_print() {
    for n in [9, 12, 17, 25, 40, 60, 95, 150, 300, 700, 1000, 2000, 5000, 20000, 100_000] {
        for p in [0.00005, 0.0005, 0.003, 0.0125, 0.03, 0.1, 0.2, 0.35, 0.5, 0.6, 0.9, 0.98] {
            if f64::from(n) * p * (1.0 - p) > 1.9 {
                let (error, z) = worst_of_band(n, p);
                eprintln!("{n} {p} w={:.2} {error:.3} z={z:.2}", f64::from(n) * p * (1.0 - p));
            }
        }
    }
}
