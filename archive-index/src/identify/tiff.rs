//! TIFF headers: how many pages, and what the first is like. Pixels aren't looked at.

use std::collections::BTreeSet;
use std::io::{self, Read, Seek, SeekFrom};

use super::{Found, Picture};

/// No scan has more pages; a file that claims to is damaged.
const MOST_PAGES: u32 = 100_000;
const MOST_TAGS: u64 = 4_096;

struct Tiff<'a, S> {
    source: &'a mut S,
    big_end: bool,
    big: bool,
}

/// Reads the chain of directories; what is damaged ends it.
pub(super) fn describe<S: Read + Seek>(source: &mut S, found: &mut Found) -> io::Result<()> {
    match read(source, found) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(()),
        other => other,
    }
}

fn read<S: Read + Seek>(source: &mut S, found: &mut Found) -> io::Result<()> {
    let mut header = [0; 4];
    source.seek(SeekFrom::Start(0))?;
    source.read_exact(&mut header)?;
    let mut tiff = Tiff { source, big_end: header[0] == b'M', big: header[2] == 43 || header[3] == 43 };
    if tiff.big {
        tiff.number(4)?;
        found.version = Some("BigTIFF".to_owned());
    }
    let mut next = tiff.offset()?;
    let mut seen = BTreeSet::new();
    let mut pages = 0;
    while next != 0 && seen.insert(next) && pages < MOST_PAGES {
        tiff.source.seek(SeekFrom::Start(next))?;
        let tags = if tiff.big { tiff.number(8)? } else { tiff.number(2)? };
        if tags == 0 || tags > MOST_TAGS {
            break;
        }
        pages += 1;
        found.pages = Some(pages);
        let start = tiff.source.stream_position()?;
        if pages == 1 {
            found.picture = tiff.picture(start, tags)?;
        }
        let entry = if tiff.big { 20 } else { 12 };
        tiff.source.seek(SeekFrom::Start(start.saturating_add(tags * entry)))?;
        next = tiff.offset()?;
    }
    Ok(())
}

impl<S: Read + Seek> Tiff<'_, S> {
    fn number(&mut self, bytes: usize) -> io::Result<u64> {
        let mut raw = [0; 8];
        let raw = raw.get_mut(..bytes).ok_or(io::ErrorKind::InvalidInput)?;
        self.source.read_exact(raw)?;
        let join = |all: u64, byte: &u8| (all << 8) | u64::from(*byte);
        Ok(if self.big_end { raw.iter().fold(0, join) } else { raw.iter().rev().fold(0, join) })
    }

    fn offset(&mut self) -> io::Result<u64> {
        self.number(if self.big { 8 } else { 4 })
    }

    fn picture(&mut self, start: u64, tags: u64) -> io::Result<Option<Picture>> {
        let mut picture = Picture::default();
        let (mut bits, mut samples) = (1, 1);
        let (mut resolution, mut unit) = (None, 2);
        for index in 0..tags {
            let size = if self.big { 20 } else { 12 };
            self.source.seek(SeekFrom::Start(start + index * size))?;
            let tag = self.number(2)?;
            let kind = self.number(2)?;
            let count = self.offset()?;
            let value = |tiff: &mut Self| match kind {
                1 => tiff.number(1),
                3 => tiff.number(2),
                16 => tiff.number(8),
                _ => tiff.number(4),
            };
            let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
            match tag {
                256 => picture.width = small(value(self)?),
                257 => picture.height = small(value(self)?),
                258 if count <= 1 => bits = value(self)?,
                // Several: they lie elsewhere, and are the same in every scan there is.
                258 => bits = 8,
                259 => picture.compression = compression(value(self)?),
                277 => samples = value(self)?,
                282 => {
                    let at = self.offset()?;
                    resolution = self.ratio(at)?;
                }
                296 => unit = value(self)?,
                _ => {}
            }
        }
        picture.bits = u32::try_from(bits.saturating_mul(samples)).ok();
        picture.dpi = resolution.map(|dots| if unit == 3 { dots * 2.54 } else { dots });
        Ok((picture.width > 0 && picture.height > 0).then_some(picture))
    }

    fn ratio(&mut self, at: u64) -> io::Result<Option<f64>> {
        self.source.seek(SeekFrom::Start(at))?;
        let over = u32::try_from(self.number(4)?).map_or(0.0, f64::from);
        let under = u32::try_from(self.number(4)?).map_or(0.0, f64::from);
        Ok((under > 0.0 && over > 0.0).then(|| over / under))
    }
}

const fn compression(number: u64) -> Option<&'static str> {
    Some(match number {
        1 => "none",
        2 => "CCITT RLE",
        3 => "CCITT G3",
        4 => "CCITT G4",
        5 => "LZW",
        6 | 7 => "JPEG",
        8 | 32_946 => "Deflate",
        32_773 => "PackBits",
        34_712 => "JPEG 2000",
        _ => return None,
    })
}
