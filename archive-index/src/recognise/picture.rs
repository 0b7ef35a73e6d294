//! Pictures of pages, for an engine to read.
//!
//! Scans are handed over as they are, so that nothing is lost on the way; a page of a PDF is drawn at 300
//! dots per inch, the density that engines are made for.

use std::sync::Arc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use crate::apart;
use crate::identify::{Family, Format};
use crate::text::guard;
use crate::text::{Limits, NoText, open_pdf};

/// Dots per inch at which pages are drawn.
const DENSITY: f32 = 300.0;
/// The longest side of a drawn page, in pixels: larger papers are drawn less densely.
const LONGEST: f32 = 10_000.0;
/// The width of A4 in inches: what a scan without a stated density is taken to be.
const A4_WIDTH: f64 = 8.27;

/// A page as a picture.
#[derive(Debug, Clone)]
pub struct PagePicture {
    /// The page's number in its file, from 1.
    pub number: u32,
    /// An image file: PNG, JPEG or TIFF.
    pub image: Arc<[u8]>,
    /// Which picture of the image file, from 0.
    pub index: u32,
    /// Dots per inch.
    pub density: u32,
}

/// Pictures of some pages of a file.
///
/// # Errors
///
/// Why there can be none: an encrypted file, a format that has no pictures.
pub fn pictures(
    bytes: &Arc<[u8]>,
    format: &Format,
    pages: &[u32],
    limits: &Limits,
) -> Result<Vec<PagePicture>, NoText> {
    if format.family.is_picture() {
        let density = density(format);
        let of = |&number: &u32| PagePicture {
            number,
            image: Arc::clone(bytes),
            index: number.saturating_sub(1),
            density,
        };
        return Ok(pages.iter().map(of).collect());
    }
    if format.family != Family::Pdf {
        return Err(NoText::Unsupported);
    }
    if let Some(drawn) = apart::pictures(bytes, pages, limits) {
        return drawn;
    }
    let (bytes, pages) = (Arc::clone(bytes), pages.to_vec());
    guard::run(limits, move |watch| {
        let pdf = open_pdf(&bytes)?;
        let cache = RenderCache::new();
        let settings =
            InterpreterSettings { warning_sink: Arc::new(|_| {}), ..InterpreterSettings::default() };
        let mut out = Vec::new();
        for number in pages {
            watch.check()?;
            let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
            let Some(page) = index.and_then(|index| pdf.pages().get(index)) else { continue };
            let (width, height) = page.render_dimensions();
            let scale = (DENSITY / 72.0).min(LONGEST / width.max(height).max(1.0));
            let size = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
            let drawn = render(page, &cache, &settings, &RenderSettings::default(), &size);
            let image = drawn.into_png().map_err(|error| guard::damaged(&error.to_string()))?;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 300")]
            let density = (scale * 72.0) as u32;
            out.push(PagePicture { number, image: image.into(), index: 0, density });
        }
        Ok(out)
    })
}

/// What a scan says of its density, if that can be believed; else that of an A4 sheet as wide.
fn density(format: &Format) -> u32 {
    let Some(picture) = &format.picture else { return 300 };
    let dots = picture.dpi.filter(|dots| (100.0..=1200.0).contains(dots));
    let dots = dots.unwrap_or_else(|| (f64::from(picture.width) / A4_WIDTH).clamp(100.0, 600.0));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 100 and 1200")]
    {
        dots.round() as u32
    }
}
