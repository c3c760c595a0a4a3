package chancery;

import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.util.SerializableConfiguration;

/** What pipeline/engines/hadoop_files.py asks of Hadoop's file systems; see there. Compiled without generic types. */
public class HadoopFiles implements UDF3 {
    private final SerializableConfiguration configuration;

    public HadoopFiles(SerializableConfiguration configuration) {
        this.configuration = configuration;
    }

    /** Full URL of the root, then URL, size and modification time (ms) of every file in it: UTF-8, each ended by NUL. */
    public byte[] list(String root) throws IOException {
        Path path = new Path(root);
        FileSystem system = path.getFileSystem(configuration.value());
        String spells = System.getProperty("sun.jnu.encoding");
        if ("file".equals(system.getScheme()) && File.separatorChar == '/' && !"UTF-8".equals(spells)) {
            // such a Java passes over files of this machine whose names it cannot spell, and says nothing
            throw new IOException("Java reads names of files as " + spells + "; set LC_ALL=C.UTF-8");
        }
        FileStatus top = system.getFileStatus(path);
        StringBuilder told = new StringBuilder();
        told.append(top.getPath().toString()).append('\0');
        if (top.isFile()) {
            tell(told, top);
        } else {
            RemoteIterator files = system.listFiles(top.getPath(), true);
            while (files.hasNext()) {
                tell(told, (LocatedFileStatus) files.next());
            }
        }
        return told.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void tell(StringBuilder told, FileStatus file) {
        told.append(file.getPath().toString()).append('\0');
        told.append(file.getLen()).append('\0');
        told.append(file.getModificationTime()).append('\0');
    }

    /** Copies a file to a place of this machine. */
    public void copy(String url, String place) throws IOException {
        Path path = new Path(url);
        path.getFileSystem(configuration.value()).copyToLocalFile(false, path, new Path(place), true);
    }

    /** Bytes of a file: its URL, where they begin, how many they are. */
    public Object call(Object url, Object position, Object length) throws Exception {
        if (url == null) {
            return null;
        }
        Path path = new Path((String) url);
        byte[] content = new byte[((Integer) length).intValue()];
        try {
            FSDataInputStream stream = path.getFileSystem(configuration.value()).open(path);
            try {
                // not by readFully of a position, which asks a server again for each part of a piece that arrives
                stream.seek(((Long) position).longValue());
                stream.readFully(content);
            } finally {
                stream.close();
            }
        } catch (EOFException error) {
            long end = ((Long) position).longValue() + content.length;
            throw new IOException("raw file " + url + " (it ended before byte " + end + ", which it had when listed)");
        } catch (IOException error) {
            throw new IOException("raw file " + url + " (" + error + ")");
        }
        return content;
    }
}
