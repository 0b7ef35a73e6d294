//! Recognition: text out of pictures, by an engine that is found when the program runs.
//!
//! Nothing here is needed to build, and an office without an engine loses nothing else: its pages stay
//! marked as pictures ([`crate::text::NoText::Picture`]). An engine is anything behind [`Engine`]. There
//! is one so far: [`Tesseract`], which every office can install, as a process of its own. PP-OCR, which
//! makes a tenth of its errors on bad scans, isn't here yet.
//!
//! What tesseract is worth, measured on made scans with chi_sim: 1 to 5 % of characters wrong on clean
//! printed pages at 300 dpi, 5 to 50 % on black-and-white fax compression, worse on tables; vertical and
//! traditional text it can't read. So its text is for finding and never for the catalogue: no title or
//! number is taken from it without a person.

mod picture;
mod tesseract;

use std::time::Duration;

use archive_core::text::Text;

use crate::text::{Page, TextSource};

pub use picture::{PagePicture, pictures};
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
    vec![tesseract]
}

/// The best engine there is, if there is one.
pub fn engine() -> Option<Box<dyn Engine>> {
    let found = Tesseract::find().ok()?;
    Some(Box::new(found))
}

/// What was read of one page, with the engine's name on it.
fn recognised(number: u32, lines: Vec<crate::text::Line>, engine: String, confidence: Option<f32>) -> Page {
    Page { number, lines, source: TextSource::Recognised { engine, confidence } }
}
