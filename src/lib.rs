#![doc = include_str!("../README.md")]

pub mod cli;
pub mod contract;
pub mod dependence;
pub mod diff;
pub mod digest;
pub mod dist;
pub mod draw;
pub mod engine;
pub mod estimate;
pub mod exact;
pub mod lint;
pub mod measure;
pub mod money;
pub mod report;
pub mod scenario;
pub mod study;
