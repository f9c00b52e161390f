// Kubernetes' own code, for tests to ask: what an API server makes of manifests, and of what admission webhooks answer.
//
//	kubernetes-oracle decode < MANIFESTS          reads each object as strictly as `kubectl apply --validate=strict`, prints what it is
//	kubernetes-oracle admit MANIFESTS PORT CA     has the webhooks that MANIFESTS configure, at PORT of this machine and with a certificate
//	                                              of CA, admit the changes that come as lines of JSON; prints a line for each
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kjson "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/mutating"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/validating"
	"k8s.io/apiserver/pkg/authentication/user"
	webhookutil "k8s.io/apiserver/pkg/util/webhook"
	"k8s.io/apiserver/pkg/warning"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/kubernetes/scheme"
)

var strict = kjson.NewSerializerWithOptions(kjson.DefaultMetaFactory, scheme.Scheme, scheme.Scheme,
	kjson.SerializerOptions{Strict: true})

func main() {
	var err error
	switch {
	case len(os.Args) == 2 && os.Args[1] == "--version":
	case len(os.Args) == 2 && os.Args[1] == "decode":
		err = decode(os.Stdin, os.Stdout)
	case len(os.Args) == 5 && os.Args[1] == "admit":
		err = admit(os.Args[2], os.Args[3], os.Args[4])
	default:
		err = errors.New("usage: kubernetes-oracle decode | admit MANIFESTS PORT CA")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// read reads every object of a stream of YAML documents; unknown and repeated members are errors.
func read(stream io.Reader) ([]runtime.Object, error) {
	var objects []runtime.Object
	documents := yaml.NewYAMLReader(bufio.NewReader(stream))
	for {
		document, err := documents.Read()
		if err == io.EOF {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}
		text, err := yaml.ToJSON(document)
		if err != nil {
			return nil, err
		}
		if string(bytes.TrimSpace(text)) == "null" {
			continue
		}
		object, _, err := strict.Decode(text, nil, nil)
		if err != nil {
			return nil, err
		}
		objects = append(objects, object)
	}
}

func decode(stream io.Reader, out io.Writer) error {
	objects, err := read(stream)
	for _, object := range objects {
		accessor, problem := meta.Accessor(object)
		if problem != nil {
			return problem
		}
		kind := object.GetObjectKind().GroupVersionKind()
		fmt.Fprintf(out, "%s/%s %s\n", kind.GroupVersion(), kind.Kind, accessor.GetName())
	}
	return err
}

// resolver finds every service at one port of this machine.
type resolver struct{ port string }

func (r resolver) ResolveEndpoint(string, string, int32) (*url.URL, error) {
	return url.Parse("https://127.0.0.1:" + r.port)
}

// warnings are those of one change.
type warnings struct{ texts []string }

func (w *warnings) AddWarning(_, text string) { w.texts = append(w.texts, text) }

type change struct {
	Operation   admission.Operation `json:"operation"`
	Object      json.RawMessage     `json:"object"`
	OldObject   json.RawMessage     `json:"oldObject"`
	Resource    string              `json:"resource"`
	Subresource string              `json:"subresource"`
	Namespace   string              `json:"namespace"`
}

type outcome struct {
	Allowed  bool           `json:"allowed"`
	Code     int32          `json:"code"`
	Message  string         `json:"message"`
	Warnings []string       `json:"warnings"`
	Object   runtime.Object `json:"object"`
}

func admit(manifests, port, authority string) error {
	file, err := os.Open(manifests)
	if err != nil {
		return err
	}
	objects, err := read(file)
	if err != nil {
		return err
	}
	ca, err := os.ReadFile(authority)
	if err != nil {
		return err
	}
	cluster := []runtime.Object{
		namespace("default", nil), namespace("kube-system", nil), namespace("daochain", nil),
		namespace("off", map[string]string{"daochain/gate": "off"}),
		namespace("enforce", map[string]string{"daochain/gate": "enforce"}),
	}
	for _, object := range objects {
		switch configuration := object.(type) {
		case *admissionregistration.ValidatingWebhookConfiguration:
			for at := range configuration.Webhooks {
				configuration.Webhooks[at].ClientConfig.CABundle = ca
				// What an API server fills in; a selector that is not there would select nothing.
				configuration.Webhooks[at].ObjectSelector = &metav1.LabelSelector{}
			}
			cluster = append(cluster, configuration)
		case *admissionregistration.MutatingWebhookConfiguration:
			for at := range configuration.Webhooks {
				configuration.Webhooks[at].ClientConfig.CABundle = ca
				// What an API server fills in; a selector that is not there would select nothing.
				configuration.Webhooks[at].ObjectSelector = &metav1.LabelSelector{}
			}
			cluster = append(cluster, configuration)
		}
	}
	stop := make(chan struct{})
	defer close(stop)
	client := fake.NewClientset(cluster...)
	factory := informers.NewSharedInformerFactory(client, 0)
	wrap := webhookutil.NewDefaultAuthenticationInfoResolverWrapper(nil, nil, nil, nil)
	mutation, err := mutating.NewMutatingWebhook(nil)
	if err != nil {
		return err
	}
	validation, err := validating.NewValidatingAdmissionWebhook(nil)
	if err != nil {
		return err
	}
	mutation.SetServiceResolver(resolver{port})
	validation.SetServiceResolver(resolver{port})
	mutation.SetAuthenticationInfoResolverWrapper(wrap)
	validation.SetAuthenticationInfoResolverWrapper(wrap)
	mutation.SetExternalKubeClientSet(client)
	validation.SetExternalKubeClientSet(client)
	mutation.SetExternalKubeInformerFactory(factory)
	validation.SetExternalKubeInformerFactory(factory)
	if err := errors.Join(mutation.ValidateInitialization(), validation.ValidateInitialization()); err != nil {
		return err
	}
	factory.Start(stop)
	factory.WaitForCacheSync(stop)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		answer, err := admitOne(lines.Bytes(), mutation, validation)
		if err != nil {
			return err
		}
		if err := answers.Encode(answer); err != nil {
			return err
		}
	}
	return lines.Err()
}

func admitOne(line []byte, mutation admission.MutationInterface, validation admission.ValidationInterface) (*outcome, error) {
	var asked change
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	object, err := typed(asked.Object)
	if err != nil {
		return nil, err
	}
	old, err := typed(asked.OldObject)
	if err != nil {
		return nil, err
	}
	known := object
	var options runtime.Object = &metav1.CreateOptions{}
	if asked.Operation == admission.Update {
		options = &metav1.UpdateOptions{}
	}
	if asked.Operation == admission.Delete {
		known, options = old, &metav1.DeleteOptions{}
	}
	kind := known.GetObjectKind().GroupVersionKind()
	resource := schema.GroupVersionResource{Group: kind.Group, Version: kind.Version, Resource: asked.Resource}
	if resource.Resource == "" {
		resource.Resource = strings.ToLower(kind.Kind) + "s"
	}
	name := ""
	if accessor, err := meta.Accessor(known); err == nil {
		name = accessor.GetName()
	}
	if asked.Namespace == "" {
		asked.Namespace = "default"
	}
	attributes := admission.NewAttributesRecord(object, old, kind, asked.Namespace, name, resource,
		asked.Subresource, asked.Operation, options, false, &user.DefaultInfo{Name: "admin"})
	recorder := &warnings{texts: []string{}}
	ctx := warning.WithWarningRecorder(context.Background(), recorder)
	interfaces := admission.NewObjectInterfacesFromScheme(scheme.Scheme)
	// As an API server has it: first those that mutate, then those that validate what came of it.
	err = mutation.Admit(ctx, attributes, interfaces)
	if err == nil {
		err = validation.Validate(ctx, attributes, interfaces)
	}
	answer := &outcome{Allowed: err == nil, Warnings: recorder.texts, Object: object}
	if err != nil {
		answer.Message = err.Error()
		var status apierrors.APIStatus
		if errors.As(err, &status) {
			answer.Code = status.Status().Code
		}
	}
	return answer, nil
}

func typed(text json.RawMessage) (runtime.Object, error) {
	if len(text) == 0 || string(text) == "null" {
		return nil, nil
	}
	object, _, err := strict.Decode(text, nil, nil)
	return object, err
}

func namespace(name string, labels map[string]string) *corev1.Namespace {
	all := map[string]string{"kubernetes.io/metadata.name": name}
	for key, value := range labels {
		all[key] = value
	}
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: all}}
}
