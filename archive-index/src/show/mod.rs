//! A page as a picture that any screen can show.
//!
//! A scan in a format that browsers know is shown as it is; TIFF and JPEG 2000, which they don't, are decoded; a page of a PDF is
//! drawn; a page of an OFD is set again from its letters and their places, since nothing here draws its
//! graphics. Everything else is shown by its text, or not at all.
//!
//! What comes in may be anything: the same limits hold as for the text, and a picture larger than any paper
//! is refused before it is unpacked.

mod letters;

use std::sync::Arc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use serde::{Deserialize, Serialize};

use crate::apart;
use crate::identify::{Family, identify_bytes};
use crate::raster;
use crate::text::{Limits, NoText, extract, guard, open_pdf};

/// How large a picture is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Size {
    /// To be read on a screen: some 1500 pixels wide.
    Screen,
    /// As fine as it is, within reason.
    Full,
}

impl Size {
    /// The widest a picture made here gets, in pixels.
    const fn width(self) -> u32 {
        match self {
            Self::Screen => 1500,
            Self::Full => 5000,
        }
    }
}

/// A picture that can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its media type: PNG, JPEG, GIF, BMP or SVG.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Arc<[u8]>,
}

/// Whether pages of such a file can be shown as pictures at all.
pub const fn can_show(family: Family) -> bool {
    matches!(
        family,
        Family::Tiff
            | Family::Jpeg
            | Family::Png
            | Family::Jp2
            | Family::Gif
            | Family::Bmp
            | Family::Pdf
            | Family::Ofd
    )
}

/// The picture of a page of a file, counted from 1. `name` is the file's, for its ending only.
///
/// # Errors
///
/// Why there is none.
pub fn show(bytes: &Arc<[u8]>, name: &str, page: u32, size: Size, limits: &Limits) -> Result<Shown, NoText> {
    let format = identify_bytes(bytes, name).map_err(|error| guard::damaged(&error.to_string()))?;
    if bytes.len() as u64 > limits.file {
        return Err(NoText::TooLarge);
    }
    let as_it_is = |media_type| Ok(Shown { media_type, bytes: Arc::clone(bytes) });
    if matches!(format.family, Family::Tiff | Family::Jp2 | Family::Pdf)
        && let Some(drawn) = apart::show(bytes, page, size, limits)
    {
        return drawn.map(|bytes| Shown { media_type: "image/png", bytes });
    }
    match format.family {
        Family::Jpeg => as_it_is("image/jpeg"),
        Family::Png => as_it_is("image/png"),
        Family::Gif => as_it_is("image/gif"),
        Family::Bmp => as_it_is("image/bmp"),
        Family::Tiff | Family::Jp2 => {
            let bytes = Arc::clone(bytes);
            guard::run(limits, move |_| picture(&bytes, page, size.width()))
        }
        Family::Pdf => {
            let bytes = Arc::clone(bytes);
            guard::run(limits, move |_| pdf(&bytes, page, size.width()))
        }
        Family::Ofd => {
            let read = extract(Arc::clone(bytes), name, limits);
            let page = read.pages.iter().find(|one| one.number == page).ok_or(NoText::Blank)?;
            Ok(letters::svg(page))
        }
        _ => Err(NoText::Unsupported),
    }
}

/// Decodes a page of a TIFF or a JPEG 2000, no wider than this.
fn picture(bytes: &[u8], page: u32, width: u32) -> Result<Shown, NoText> {
    let index = page.checked_sub(1).ok_or(NoText::Blank)?;
    let bytes = raster::decode(bytes, index)?.no_wider(width).png()?;
    Ok(Shown { media_type: "image/png", bytes })
}

/// Draws a page of a PDF so wide.
fn pdf(bytes: &[u8], page: u32, width: u32) -> Result<Shown, NoText> {
    let pdf = open_pdf(bytes)?;
    let index = usize::try_from(page).ok().and_then(|page| page.checked_sub(1));
    let page = index.and_then(|index| pdf.pages().get(index)).ok_or(NoText::Blank)?;
    let (wide, high) = page.render_dimensions();
    #[expect(clippy::cast_precision_loss, reason = "widths of pictures are small")]
    let longest = width as f32 * 1.5;
    let scale = (longest / wide.max(high).max(1.0)).min(6.0);
    let settings = InterpreterSettings { warning_sink: Arc::new(|_| {}), ..InterpreterSettings::default() };
    let size = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let drawn = render(page, &RenderCache::new(), &settings, &RenderSettings::default(), &size);
    let image = drawn.into_png().map_err(|error| guard::damaged(&error.to_string()))?;
    Ok(Shown { media_type: "image/png", bytes: image.into() })
}
