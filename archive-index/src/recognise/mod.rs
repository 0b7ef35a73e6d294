//! Recognition: text out of pictures, by an engine that is found when the program runs.
//!
//! An office without an engine loses nothing else: its pages stay marked as pictures
//! ([`crate::text::NoText::Picture`]). An engine is anything behind [`Engine`]; there are two. [`PpOcr`]
//! runs in this process, and needs models that are fetched once. [`Tesseract`] is a program that every
//! office can install, run as a process of its own.
//!
//! What they are worth, measured on made scans: PP-OCR gets 0 to 4 % of the characters of a printed page
//! wrong (up to 10 % where the order of columns or cells is mistaken), and finds 98 to 100 % of the pairs of
//! neighbours, 91 % in a table in black and white; tesseract with chi_sim 1 to 5 % on clean pages at 300 dpi, 5 to
//! 50 % on black-and-white fax compression, worse on tables, and vertical and traditional text it can't
//! read. So what is recognised is for finding and never for the catalogue: no title or number is taken from
//! it without a person.

#![allow(unexpected_cfgs, reason = "`fuzzing` is set by the fuzzer's build")]

mod picture;
mod ppocr;
mod tesseract;

use std::time::Duration;

use archive_core::text;
use archive_core::text::Text;

use crate::text::{Page, TextSource};

pub use picture::{PagePicture, pictures};
pub use ppocr::PpOcr;
#[cfg(fuzzing)]
pub use ppocr::decoded;
pub use ppocr::models::{ModelError, add as add_models};
pub use tesseract::Tesseract;

/// Reads pictures.
pub trait Engine: Send + Sync {
    /// Its name and version, as kept with what it reads: `tesseract 5.3.0 chi_sim`.
    fn id(&self) -> String;

    /// Reads one page within a time.
    ///
    /// # Errors
    ///
    /// What kept it from reading this page; other pages may fare better.
    fn read(&self, picture: &PagePicture, time: Duration) -> Result<Page, RecogniseError>;
}

/// Why a page could not be recognised.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecogniseError {
    /// The engine isn't there any more.
    #[error("无法运行识别程序：{0} / the engine can't be run: {0}")]
    NotRun(std::io::Error),
    /// It took too long, and was ended.
    #[error("识别超时（{} 秒） / recognition took longer than {} seconds", .0.as_secs(), .0.as_secs())]
    TooSlow(Duration),
    /// It ended with an error of its own.
    #[error("识别程序出错：{0} / the engine failed: {0}")]
    Failed(String),
}

/// An engine that could be there, and whether it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineStatus {
    /// Its name.
    pub name: &'static str,
    /// What is kept with its results, if it can be used.
    pub id: Option<String>,
    /// How things stand, and what to do if it can't be used.
    pub state: Text,
}

/// Every engine that is known, and whether it can be used here.
pub fn engines() -> Vec<EngineStatus> {
    let tesseract = match Tesseract::find() {
        Ok(engine) => {
            EngineStatus { name: "tesseract", id: Some(engine.id()), state: Text::fixed("可用", "ready") }
        }
        Err(why) => EngineStatus { name: "tesseract", id: None, state: why },
    };
    let ppocr = match PpOcr::find() {
        Ok(engine) => {
            EngineStatus { name: "ppocr", id: Some(engine.id()), state: Text::fixed("可用", "ready") }
        }
        Err(why) => EngineStatus { name: "ppocr", id: None, state: why },
    };
    vec![ppocr, tesseract]
}

/// The best engine there is, if there is one.
pub fn engine() -> Option<Box<dyn Engine>> {
    if let Ok(found) = PpOcr::find() {
        return Some(Box::new(found));
    }
    let found = Tesseract::find().ok()?;
    Some(Box::new(found))
}

/// One engine by its name.
///
/// # Errors
///
/// Why it can't be used, and what to do.
pub fn engine_named(name: &str) -> Result<Box<dyn Engine>, Text> {
    match name {
        "ppocr" => PpOcr::find().map(|engine| -> Box<dyn Engine> { Box::new(engine) }),
        "tesseract" => Tesseract::find().map(|engine| -> Box<dyn Engine> { Box::new(engine) }),
        _ => Err(text!("没有引擎“{name}”", "there is no engine “{name}”")),
    }
}

/// What was read of one page, with the engine's name on it.
fn recognised(number: u32, lines: Vec<crate::text::Line>, engine: String, confidence: Option<f32>) -> Page {
    Page { number, lines, source: TextSource::Recognised { engine, confidence } }
}
