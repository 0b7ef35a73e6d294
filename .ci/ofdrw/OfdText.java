// Opens OFD files with ofdrw, and writes the text of each beside it in the folder named first: a form feed
// after each page. With a second argument --pictures it draws the pages too.

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import javax.imageio.ImageIO;

import org.ofdrw.converter.ImageMaker;
import org.ofdrw.reader.ContentExtractor;
import org.ofdrw.reader.OFDReader;

public class OfdText {
    public static void main(String[] arguments) throws Exception {
        Path folder = Paths.get(arguments[0]);
        boolean pictures = arguments.length > 1 && arguments[1].equals("--pictures");
        for (int at = pictures ? 2 : 1; at < arguments.length; at++) {
            Path file = Paths.get(arguments[at]);
            StringBuilder text = new StringBuilder();
            try (OFDReader reader = new OFDReader(file)) {
                ContentExtractor extractor = new ContentExtractor(reader);
                for (int page = 1; page <= reader.getNumberOfPages(); page++) {
                    text.append(String.join("\n", extractor.getPageContent(page))).append("\f");
                }
                if (pictures) {
                    ImageMaker maker = new ImageMaker(reader, 4);
                    for (int page = 0; page < reader.getNumberOfPages(); page++) {
                        String name = file.getFileName() + "-" + (page + 1) + ".png";
                        ImageIO.write(maker.makePage(page), "PNG", new File(folder.toFile(), name));
                    }
                }
            }
            Files.writeString(folder.resolve(file.getFileName() + ".txt"), text);
        }
    }
}
