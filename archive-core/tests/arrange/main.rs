//! Arrangement on registers: small cases made from the rules, generated ones, and whole years.

mod agreement;
mod register;
