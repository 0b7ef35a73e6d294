/**
 * Lucene over the pages and queries that search-peers.py wrote: indexing time and size, the times of the queries, and
 * which pages they find. Prints one line of JSON.
 *
 * java -cp 'lucene-core.jar:lucene-analysis-common.jar:lucene-analysis-smartcn.jar' Peers.java cjk|smartcn PAGES QUERIES FOLDER THREADS
 */
import java.lang.management.ManagementFactory;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import org.apache.lucene.analysis.*;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.cn.smart.SmartChineseAnalyzer;
import org.apache.lucene.document.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.QueryBuilder;

public class Peers {
    static double cpu() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1e9;
    }

    /** Keeps what is looked for in a text from being left out as of no use. */
    static long seen;

    static TopScoreDocCollectorManager best() {
        return new TopScoreDocCollectorManager(10, null, Integer.MAX_VALUE);
    }

    static Query query(Analyzer analyzer, String words) {
        var all = new BooleanQuery.Builder();
        for (String term : words.split("\t")) {
            Query phrase = new QueryBuilder(analyzer).createPhraseQuery("text", term);
            all.add(phrase == null ? new MatchNoDocsQuery() : phrase, BooleanClause.Occur.MUST);
        }
        return all.build();
    }

    public static void main(String[] given) throws Exception {
        Analyzer analyzer = given[0].equals("cjk") ? new CJKAnalyzer() : new SmartChineseAnalyzer();
        List<String> pages = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(given[1]))) pages.add(line.replace("\\n", "\n"));
        Path folder = Path.of(given[3]);
        int threads = Integer.parseInt(given[4]);
        double before = cpu();
        long start = System.nanoTime();
        try (var directory = FSDirectory.open(folder);
             var writer = new IndexWriter(directory, new IndexWriterConfig(analyzer).setRAMBufferSizeMB(256).setUseCompoundFile(false))) {
            var pool = Executors.newFixedThreadPool(threads);
            var next = new java.util.concurrent.atomic.AtomicInteger();
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                running.add(pool.submit(() -> {
                    for (int at; (at = next.getAndIncrement()) < pages.size(); ) {
                        var document = new Document();
                        document.add(new NumericDocValuesField("id", at));
                        document.add(new TextField("text", pages.get(at), Field.Store.YES));
                        writer.addDocument(document);
                    }
                    return null;
                }));
            }
            for (var one : running) one.get();
            pool.shutdown();
            writer.commit();
        }
        double indexing = (System.nanoTime() - start) / 1e9, indexingCpu = cpu() - before;
        long size = 0;
        try (var files = Files.list(folder)) {
            // What is stored isn't counted.
            for (Path file : files.toList()) {
                if (!file.toString().matches(".*[.](fdt|fdx|fdm)")) size += Files.size(file);
            }
        }
        List<String> queries = Files.readAllLines(Path.of(given[2]));
        try (var reader = DirectoryReader.open(FSDirectory.open(folder))) {
            var searcher = new IndexSearcher(reader);
            // Ranked: which ten are best, and how many there are. Shown: their texts as well, with where the words stand.
            double[] ranked = new double[queries.size()], shown = new double[queries.size()];
            for (int round = 0; round < 4; round++) {
                for (int at = 0; at < queries.size(); at++) {
                    long began = System.nanoTime();
                    var top = searcher.search(query(analyzer, queries.get(at)), best());
                    ranked[at] = (System.nanoTime() - began) / 1e6;
                    began = System.nanoTime();
                    top = searcher.search(query(analyzer, queries.get(at)), best());
                    for (var hit : top.scoreDocs) {
                        String text = searcher.storedFields().document(hit.doc).get("text");
                        for (String term : queries.get(at).split("\t")) seen += text.indexOf(term);
                    }
                    shown[at] = (System.nanoTime() - began) / 1e6;
                }
            }
            StringBuilder hits = new StringBuilder();
            for (String words : queries) {
                var ids = new TreeSet<Long>();
                var top = searcher.search(query(analyzer, words), Math.max(1, reader.maxDoc()));
                for (var hit : top.scoreDocs) {
                    int leaf = ReaderUtil.subIndex(hit.doc, reader.leaves());
                    var context = reader.leaves().get(leaf);
                    var values = context.reader().getNumericDocValues("id");
                    values.advanceExact(hit.doc - context.docBase);
                    ids.add(values.longValue());
                }
                hits.append(hits.length() == 0 ? "" : ",").append(ids);
            }
            System.out.printf(Locale.ROOT,
                "{\"index_s\":%.3f,\"index_cpu_s\":%.3f,\"bytes\":%d,\"ranked_ms\":%s,\"shown_ms\":%s,\"hits\":[%s]}%n",
                indexing, indexingCpu, size, Arrays.toString(ranked), Arrays.toString(shown), hits);
        }
    }
}
